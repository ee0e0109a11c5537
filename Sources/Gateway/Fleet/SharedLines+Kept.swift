import Fleet
import NIOCore
import Policy
import Synchronization

/// While the database doesn't answer, requests may leave by the turns that the stored line reserves for them. No other gateway uses those turns,
/// whatever has been stored since: they count as used until this gateway reports what became of them.
extension SharedLines {
    /// Sets a timer for the first of our reserved turns.
    func setKeptAlarm(_ operation: Int) {
        guard let time = database.time else { return }
        let now = Duration.microseconds(time)
        let wait: Duration? = state.withLock { state in
            guard let line = state.lines[operation] else { return nil }
            let turns = line.copy.keptTurns(of: owner, at: now).filter { state.waiters[$0.ticket] != nil }
            guard let first = turns.map(\.opens).min() else { return nil }
            let wait = max(first - now, .milliseconds(10))
            let moment = clock() + wait
            // A timer that fires sooner sets the next one itself.
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

    /// Releases our requests whose reserved turns have come, if the database is known to be unreachable; otherwise the line is
    /// read, which has the same result.
    private func useKept(_ operation: Int) {
        guard let time = database.time else { return }
        let now = Duration.microseconds(time)
        // A turn counts from the moment at which it begins.
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
