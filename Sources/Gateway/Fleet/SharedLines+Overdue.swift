import NIOCore
import Policy
import Synchronization

/// Requests that have waited for as long as they may. The line refuses a request that it can't promise a turn within that time; but a promise assumes
/// that the database answers, so each gateway also refuses by its own clock.
extension SharedLines {
    /// Sets a timer for the moment at which a request has to be refused.
    /// - Parameter start: since when it has been waiting, by this machine's uptime.
    func setSweep(for start: Duration) {
        let now = clock()
        let wait: Duration? = state.withLock { state in
            let moment = max(start + state.rules.longestWait + FlowRules.tolerance, now)
            // A timer that fires sooner sets the next one itself.
            if let known = state.sweep, known <= moment { return nil }
            state.sweep = moment
            return moment - now
        }
        guard let wait else { return }
        loop.scheduleTask(in: TimeAmount(wait)) { [self] in sweep() }
    }

    private func sweep() {
        let now = clock()
        let (overdue, first) = state.withLock { state in
            state.sweep = nil
            let patience = state.rules.longestWait + FlowRules.tolerance
            let overdue = state.waiters.filter { now - $0.value.waiter.arrived >= patience }
            for ticket in overdue.keys { state.waiters[ticket] = nil }
            return (overdue.values.map { ($0.operation, $0.waiter) }, state.waiters.values.map(\.waiter.arrived).min())
        }
        for (operation, waiting) in overdue { refuse(waiting, operation, at: now) }
        if let first { setSweep(for: first) }
    }

    private func refuse(_ waiting: Waiting, _ operation: Int, at now: Duration) {
        let ticket = waiting.request.ticket
        let time = Duration.microseconds(database.time ?? 0)
        let verdict: OperationLine.Verdict? = state.withLock { state in
            guard let line = state.lines[operation], line.awaySince == nil, waiting.isPlaced else { return nil }
            var machine = line.machine
            return machine.refuseWaiting(ticket, at: time) ?? .refuse(retryAfter: .seconds(1))
        }
        guard let verdict else {
            // Its place is removed with the next change that is stored. Meanwhile it is unknown how much of the quota the others have used.
            let isAway = state.withLock { state in
                state.lines[operation]?.copy.leave(ticket)
                return state.lines[operation]?.awaySince.map { now - $0 >= state.grace / 2 } ?? false
            }
            return goAlone([waiting], mayGoAlone: isAway && mayGoAlone(operation))
        }
        waiting.waiter.eventLoop.execute { waiting.waiter.value.wake(.departure(verdict, at: now)) }
        let isTaken = change(operation) { line, now in
            _ = line.refuseWaiting(ticket, at: now)
            return []
        }
        if !isTaken { state.withLock { $0.lines[operation]?.copy.leave(ticket) } }
    }
}
