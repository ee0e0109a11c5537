import Fleet
import NIOCore
import Policy
import Synchronization

/// Requests that leave by the turns that the stored line keeps for them, while the database doesn't answer. Nobody else uses those turns, whatever
/// has been stored since: they count for others until this gateway says what became of them.
extension SharedLines {
    /// Rings when the first kept turn of ours opens.
    func setKeptAlarm(_ operation: Int) {
        guard let time = database.time else { return }
        let now = Duration.microseconds(time)
        let wait: Duration? = state.withLock { state in
            guard let line = state.lines[operation] else { return nil }
            let turns = line.copy.keptTurns(of: owner, at: now).filter { state.waiters[$0.ticket] != nil }
            guard let first = turns.map(\.opens).min() else { return nil }
            let wait = max(first - now, .milliseconds(10))
            let moment = clock() + wait
            // One that rings sooner looks for itself when the next is due.
            if let known = line.keptAlarm, known <= moment { return nil }
            state.lines[operation]?.keptAlarm = moment
            return wait
        }
        guard let wait else { return }
        loop.scheduleTask(in: TimeAmount(wait)) { [self] in
            state.withLock { $0.lines[operation]?.keptAlarm = nil }
            useKept(operation)
        }
    }

    /// Lets those of ours leave whose kept turns are open, when the database can't be asked now; else asking it comes to the same.
    private func useKept(_ operation: Int) {
        guard let time = database.time else { return }
        let now = Duration.microseconds(time)
        // A turn counts from the moment that it opened.
        let ahead = now - clock()
        let leaving: [(waiting: Waiting, credential: String, turn: Duration)] = state.withLock { state in
            guard var line = state.lines[operation] else { return [] }
            guard line.awaySince != nil || line.isBusy && clock() - line.busySince > Self.slow else { return [] }
            var leaving: [(waiting: Waiting, credential: String, turn: Duration)] = []
            for turn in line.copy.keptTurns(of: owner, at: now) where turn.opens <= now {
                guard let (_, waiting) = state.waiters.removeValue(forKey: turn.ticket) else { continue }
                line.copy.use(turn)
                state.tickets.insert(turn.ticket)
                state.figures.taken += 1
                state.figures.kept += 1
                leaving.append((waiting, turn.credential, turn.opens - ahead))
            }
            state.lines[operation] = line
            return leaving
        }
        for (waiting, credential, turn) in leaving {
            waiting.waiter.eventLoop.execute { waiting.waiter.value.wake(.departure(.leave(credential: credential), at: turn)) }
        }
        setAlarm(operation)
        setKeptAlarm(operation)
    }
}
