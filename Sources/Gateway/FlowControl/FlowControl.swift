import Catalogue
import Fleet
import NIOCore
package import Policy
import Synchronization

/// The state of a request in flow control.
enum DepartureState {
    /// Not known to flow control.
    case none
    /// Waits for its turn.
    case waiting(OperationLine.Request, since: Duration)
    /// Has a turn and is counted.
    case counted(OperationLine.Request)
    /// Was sent at that time, while its operation was not paced.
    case unpaced(Duration)
}

/// Flow control for all workers: one `FlowScheduler` behind a lock, and the callbacks with its verdicts on the waiters' event loops.
///
/// Only requests of paced operations use it, a few per minute, so there is no contention for the lock. The timer for the next turn runs on the event
/// loop that set it.
package final class FlowControl: Sendable {
    private struct Waiting: Sendable {
        let operation: Int
        let request: OperationLine.Request
        let waiter: NIOLoopBound<any Waiter>
        /// Since when; what it waited somewhere else counts.
        let since: Duration
    }

    private struct State {
        var scheduler: FlowScheduler
        /// The rules of the configuration. A gateway of a fleet uses its share of them while the database is unavailable.
        var whole: FlowRules
        var waiters: [Int: Waiting] = [:]
        var lastTicket = 0
        /// When the next timer fires, if one is set.
        var alarm: Duration?
        /// The earliest begin of a wait among the waiters, or earlier.
        var first: Duration?
        /// When requests that have waited for `max_wait` are refused next; nil while no timer is set.
        var sweep: Duration?
        var logs: [NIOLoopBound<DepartureLog>] = []
        var paced: Set<Int> = []
        /// Operations that this gateway decides alone, with the time since when the fleet's database is unavailable, or zero if an operator ordered
        /// it.
        var alone: [Int: Duration] = [:]

        mutating func wait(_ waiting: Waiting) {
            waiters[waiting.request.ticket] = waiting
            first = min(first ?? waiting.since, waiting.since)
        }
    }

    private let state: Mutex<State>

    /// The queues that a fleet shares; nil for a gateway that is alone.
    let lines: SharedLines?
    private let shared: SharedQueues?
    /// This machine's uptime.
    private let clock: @Sendable () -> Duration

    /// - Parameter loop: the event loop whose timers the shared queues use.
    init(
        rules: FlowRules, shared: SharedQueues? = nil, loop: (any EventLoop)? = nil,
        clock: @escaping @Sendable () -> Duration = { FlowControl.now }
    ) {
        state = Mutex(State(scheduler: FlowScheduler(rules: rules), whole: rules))
        self.shared = shared
        self.clock = clock
        guard let shared, let loop else {
            lines = nil
            return
        }
        lines = SharedLines(
            database: shared.database, loop: loop, clock: clock, rules: rules, isSilentFirst: shared.paced == .part,
            name: { Operation(index: $0).name }, operation: { FlowControl.indices[$0] })
        lines?.whenBack { [weak self] in self?.joinLine($0) }
        lines?.whenPaced { [weak self] operations, areAll in self?.arePaced(operations, areAll: areAll) }
    }

    private static let indices = Dictionary(Operation.allCases.map { ($0.name, $0.index) }) { first, _ in first }

    /// Identifies this gateway's requests in shared queues; 0 for a gateway that is alone.
    var owner: Int64 { lines?.owner ?? 0 }

    /// The clock of flow control.
    package static var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }

    /// Registers a worker: its log learns from now on which operations are paced.
    func add(_ log: NIOLoopBound<DepartureLog>) {
        state.withLock { state in
            state.logs.append(log)
            for operation in state.paced { _ = log.value.setPaced(operation, true) }
        }
    }

    // MARK: - Called by exchanges, on their event loops

    func nextTicket() -> Int {
        // A number that no other gateway uses.
        if lines != nil { return Int.random(in: 1...(1 << 62)) }
        return state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
    }

    /// A request asks for a turn; nil when the queue is full. If it has to wait, the waiter is called back on its loop.
    /// - Parameter start: since when it has been waiting for turns in all; nil where this is the first.
    func arrive(
        _ request: OperationLine.Request, since start: Duration? = nil, operation: Int, waiter: NIOLoopBound<any Waiter>
    ) -> OperationLine.Verdict? {
        if let lines, shared?.isLocal() == false {
            state.withLock { if $0.alone[operation] == .zero { $0.alone[operation] = nil } }
            return lines.arrive(request, since: start ?? clock(), operation: operation, waiter: waiter) ? .wait : nil
        }
        return arriveAlone(request, since: start, operation: operation, waiter: waiter)
    }

    /// The same if this gateway decides alone: it has no fleet, or the fleet's database is unavailable.
    func arriveAlone(
        _ request: OperationLine.Request, since start: Duration? = nil, operation: Int, waiter: NIOLoopBound<any Waiter>
    ) -> OperationLine.Verdict? {
        let known = lines?.lastKnown(operation)
        return change(on: waiter.eventLoop) { [shared] state, now in
            var resolutions: [OperationLine.Resolution] = []
            if let shared, shared.paced == .part {
                resolutions = state.scheduler.adopt(state.whole.part(of: shared.database.mostMembers ?? 1), at: now)
            }
            // Calls sent by the shared queue count as long as they would there, and so does what other gateways may have used.
            if let known, state.alone.updateValue(known.awaySince ?? .zero, forKey: operation) != known.awaySince ?? .zero {
                let sharedUntil = shared?.paced == .part ? known.sharedUntil : nil
                resolutions += state.scheduler.takeOver(known.line, ahead: known.ahead, sharedUntil: sharedUntil, operation: operation, at: now)
            }
            let verdict = state.scheduler.arrive(request, since: start, operation: operation, at: now)
            if verdict == .wait {
                state.wait(Waiting(operation: operation, request: request, waiter: waiter, since: start ?? now))
            }
            return (verdict, resolutions)
        }
    }

    /// The fleet's database is available again: requests that wait in this gateway's own queue move to the fleet's queue.
    private func joinLine(_ operation: Int) {
        guard let lines, shared?.isLocal() == false else { return }
        let now = clock()
        let moving = state.withLock { state in
            state.alone[operation] = nil
            let moving = state.waiters.values.filter { $0.operation == operation }
            for one in moving {
                state.waiters[one.request.ticket] = nil
                // No other request takes the freed turn, because all of them move.
                _ = state.scheduler.withdraw(one.request.ticket, operation: operation, at: now)
            }
            return moving
        }
        for one in moving where !lines.arrive(one.request, since: one.since, operation: operation, waiter: one.waiter) {
            one.waiter.eventLoop.execute { one.waiter.value.wake(.departureIsUnknown(one.request, mayGoAlone: false)) }
        }
    }

    /// The caller of a waiting request closed its connection.
    func withdraw(_ ticket: Int, operation: Int, on loop: any EventLoop) {
        if let lines, lines.knows(ticket) { return lines.withdraw(ticket, operation: operation) }
        change(on: loop) { state, now in
            state.waiters[ticket] = nil
            return ((), state.scheduler.withdraw(ticket, operation: operation, at: now))
        }
    }

    /// HSS answered a counted request with any status but 429.
    func answered(_ ticket: Int, operation: Int, on loop: any EventLoop) {
        if let lines, lines.knows(ticket) { return lines.answered(ticket, operation: operation) }
        change(on: loop) { state, now in
            state.scheduler.answered(ticket, operation: operation, at: now)
            return ((), [])
        }
    }

    /// A counted request ended without an answer.
    func ended(_ ticket: Int, operation: Int, hasLeft: Bool, on loop: any EventLoop) {
        if let lines, lines.knows(ticket) { return lines.ended(ticket, operation: operation, hasLeft: hasLeft) }
        change(on: loop) { state, now in
            ((), state.scheduler.ended(ticket, operation: operation, hasLeft: hasLeft, at: now))
        }
    }

    /// A call that left while its operation was not paced never reached HSS. Shared queues keep counting it for their period: they use the database's
    /// clock and not this machine's, so the departure can't be found there.
    func neverLeft(_ entry: DepartureLog.Entry, _ operation: Int, on loop: any EventLoop) {
        if lines != nil { return }
        change(on: loop) { state, now in
            ((), state.scheduler.forget(entry.time, credential: entry.credential, operation: operation, at: now))
        }
    }

    /// HSS answered 429: the request takes its turn again, or is refused.
    /// - Parameter start: since when it has been waiting for turns in all, without what its calls took.
    func throttled(
        _ call: FlowScheduler.UnpacedCall, since start: Duration, isCounted: Bool, operation: Int, notice: QuotaNotice,
        waiter: NIOLoopBound<any Waiter>
    ) -> OperationLine.Verdict {
        if let lines, shared?.isLocal() == false, !isCounted || lines.knows(call.request.ticket) {
            lines.throttled(call, since: start, isCounted: isCounted, operation: operation, notice: notice, waiter: waiter)
            return .wait
        }
        return change(on: waiter.eventLoop) { state, now in
            let ticket = call.request.ticket
            let result =
                isCounted
                ? state.scheduler.throttled(ticket, operation: operation, notice: notice, at: now)
                : state.scheduler.throttled(unpaced: call, operation: operation, notice: notice, at: now)
            if result.verdict == .wait { state.wait(Waiting(operation: operation, request: call.request, waiter: waiter, since: start)) }
            return (result.verdict, result.resolutions)
        }
    }

    /// A new configuration is in force: learnt paces and waiting requests stay.
    func adopt(_ rules: FlowRules, on loop: any EventLoop) {
        lines?.adopt(rules)
        change(on: loop) { state, now in
            state.whole = rules
            return ((), state.scheduler.rules == rules ? [] : state.scheduler.adopt(rules, at: now))
        }
    }

    /// How long a granted turn is valid: a request that is sent later falls into another window than the one it was counted in.
    func lifeOfTurn(_ operation: Int, with credential: String) -> Duration? {
        if let lines { return lines.lifeOfTurn(operation, with: credential) }
        return state.withLock { $0.scheduler.lifeOfTurn(operation, with: credential) }
    }

    // MARK: - Telling and waking

    /// Changes the scheduler, calls back the waiters concerned, and sets the timer for the next event.
    private func change<Value: Sendable>(
        on loop: any EventLoop, _ body: (inout State, Duration) -> (Value, [OperationLine.Resolution])
    ) -> Value {
        let now = clock()
        return state.withLock { state in
            let (value, resolutions) = body(&state, now)
            tell(resolutions, &state, at: now)
            tellPaced(&state)
            setAlarm(&state, now, loop)
            setSweep(&state, now, loop)
            return value
        }
    }

    private func tell(_ resolutions: [OperationLine.Resolution], _ state: inout State, at now: Duration) {
        for item in resolutions where item.verdict != .wait {
            guard let waiter = state.waiters.removeValue(forKey: item.ticket)?.waiter else { continue }
            waiter.eventLoop.execute { waiter.value.wake(.departure(item.verdict, at: now)) }
        }
    }

    /// Tells every worker which operations became paced, and collects what each worker sent of them before.
    private func tellPaced(_ state: inout State) {
        guard lines == nil else { return }
        tell(paced: Set(state.scheduler.pacedOperations), &state)
    }

    /// The fleet's answer about which operations are paced.
    private func arePaced(_ operations: Set<Int>, areAll: Bool) {
        state.withLock { state in tell(paced: areAll ? operations : state.paced.union(operations), &state) }
    }

    private func tell(paced: Set<Int>, _ state: inout State) {
        guard paced != state.paced else { return }
        for (operations, isPaced) in [(paced.subtracting(state.paced), true), (state.paced.subtracting(paced), false)] {
            for operation in operations {
                for log in state.logs {
                    log.eventLoop.execute { [weak self] in
                        let entries = log.value.setPaced(operation, isPaced)
                        if isPaced { self?.remember(entries, operation: operation, on: log.eventLoop) }
                    }
                }
            }
        }
        state.paced = paced
    }

    private func remember(_ entries: [DepartureLog.Entry], operation: Int, on loop: any EventLoop) {
        guard !entries.isEmpty else { return }
        if let lines {
            for (credential, own) in Dictionary(grouping: entries, by: \.credential) {
                let departures = own.map { OperationLine.Departure(caller: $0.caller, time: $0.time) }
                lines.remember(departures, credential: credential, operation: operation)
            }
            return
        }
        change(on: loop) { state, now in
            var resolutions: [OperationLine.Resolution] = []
            for (credential, own) in Dictionary(grouping: entries, by: \.credential) {
                let departures = own.map { OperationLine.Departure(caller: $0.caller, time: $0.time) }
                resolutions += state.scheduler.remember(departures, credential: credential, operation: operation, at: now)
            }
            return ((), resolutions)
        }
    }

    private func setAlarm(_ state: inout State, _ now: Duration, _ loop: any EventLoop) {
        guard let moment = state.scheduler.nextMoment, state.alarm.map({ moment < $0 }) ?? true else { return }
        state.alarm = moment
        let wait = max(.zero, moment - now) + FlowControl.slack
        loop.scheduleTask(in: TimeAmount(wait)) { [weak self] in self?.ring(moment, on: loop) }
    }

    /// A timer that fires slightly too early would only have to be set again.
    private static let slack = Duration.microseconds(200)

    private func ring(_ moment: Duration, on loop: any EventLoop) {
        change(on: loop) { state, now in
            if state.alarm == moment { state.alarm = nil }
            return ((), state.scheduler.advance(to: now))
        }
    }

    /// Sets a timer for the moment at which the first waiter has waited for as long as it may. The line gives turns within that time only if answers
    /// take as long as it assumes.
    private func setSweep(_ state: inout State, _ now: Duration, _ loop: any EventLoop) {
        guard let first = state.first else { return }
        let moment = max(first + state.whole.longestWait + FlowRules.tolerance, now)
        // A timer that fires sooner sets the next one itself.
        if let known = state.sweep, known <= moment { return }
        state.sweep = moment
        loop.scheduleTask(in: TimeAmount(moment - now)) { [weak self] in self?.sweep(on: loop) }
    }

    private func sweep(on loop: any EventLoop) {
        change(on: loop) { state, now in
            state.sweep = nil
            let patience = state.whole.longestWait + FlowRules.tolerance
            let overdue = state.waiters.filter { now - $0.value.since >= patience }
            state.first = state.waiters.values.lazy.map(\.since).filter { now - $0 < patience }.min()
            return ((), overdue.flatMap { state.scheduler.refuseWaiting($0.key, operation: $0.value.operation, at: now) })
        }
    }

    // MARK: - Looking

    /// Figures for the metrics.
    package struct Reading: Sendable {
        package var waiting: [Int: Int] = [:]
        package var quotas: [(operation: Int, credential: String?, quota: Quota)] = []
        /// Quotas and the requests that wait for them; for a fleet's queues as this gateway last knew them.
        package var readings: [OperationLine.Reading] = []
        /// Nil for a gateway that is alone.
        package var lines: SharedLines.Figures?
    }

    /// The positions of a caller's requests that wait in this gateway. Requests in shared queues are in the fleet's database and not included.
    func standing(of caller: String) -> [(operation: Int, standing: OperationLine.PlaceInLine)] {
        let now = clock()
        return state.withLock { $0.scheduler.standing(of: caller, at: now) }
    }

    var reading: Reading {
        var reading = state.withLock {
            Reading(
                waiting: $0.scheduler.waitingByOperation, quotas: $0.scheduler.quotas, readings: $0.scheduler.readings(at: clock()))
        }
        guard let lines else { return reading }
        let shared = lines.reading
        reading.waiting.merge(shared.waiting, uniquingKeysWith: +)
        reading.quotas += shared.quotas
        reading.readings += shared.readings
        reading.lines = lines.figures
        return reading
    }
}
