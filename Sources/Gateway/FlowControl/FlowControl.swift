import Catalogue
import Fleet
import NIOCore
package import Policy
import Synchronization

/// The state of a request in flow control.
enum DepartureState {
    /// Flow control doesn't know it.
    case none
    /// It waits for its turn.
    case waiting(OperationLine.Request, since: Duration)
    /// It has a turn, and is counted.
    case counted(OperationLine.Request)
    /// It left at that time, while its operation was not paced.
    case unpaced(Duration)
}

/// Flow control for all workers: one `FlowScheduler` behind a lock, and the callbacks with its verdicts on the waiters' event loops.
///
/// Only requests of operations that are held to a pace come here, a few in a minute, so nobody stands in line for the lock. The timer
/// that wakes the next one runs on the loop of whoever set it.
package final class FlowControl: Sendable {
    private struct Waiting: Sendable {
        let operation: Int
        let request: OperationLine.Request
        let waiter: NIOLoopBound<any Waiter>
    }

    private struct State {
        var scheduler: FlowScheduler
        /// The rules of the configuration, of which a member of a fleet has its part while the database is away.
        var whole: FlowRules
        var waiters: [Int: Waiting] = [:]
        var lastTicket = 0
        /// When the next timer rings, if one is set.
        var alarm: Duration?
        var logs: [NIOLoopBound<DepartureLog>] = []
        var paced: Set<Int> = []
        /// Operations that this gateway decides alone about, since the fleet's database went away at that time or, at zero, by an operator's word.
        var alone: [Int: Duration] = [:]
    }

    private let state: Mutex<State>

    /// The lines that a fleet shares; nil for a gateway that is alone.
    let lines: SharedLines?
    private let fleet: SharedState?

    /// - Parameter loop: whose timers the shared lines use.
    init(rules: FlowRules, fleet: SharedState? = nil, loop: (any EventLoop)? = nil) {
        state = Mutex(State(scheduler: FlowScheduler(rules: rules), whole: rules))
        self.fleet = fleet
        guard let fleet, let loop else {
            lines = nil
            return
        }
        lines = SharedLines(
            member: fleet.member, loop: loop, rules: rules, isSilentFirst: fleet.terms.paced == .part, name: { Operation(index: $0).name },
            operation: { FlowControl.indices[$0] })
        lines?.whenBack { [weak self] in self?.joinLine($0) }
        lines?.whenPaced { [weak self] operations, areAll in self?.arePaced(operations, areAll: areAll) }
    }

    private static let indices = Dictionary(Operation.allCases.map { ($0.name, $0.index) }) { first, _ in first }

    /// Names this gateway's requests in lines that several share; 0 where it is alone.
    var owner: Int64 { lines?.owner ?? 0 }

    /// The clock of everything here.
    package static var now: Duration { .nanoseconds(Int64(NIODeadline.now().uptimeNanoseconds)) }

    /// A worker begins; its log is told from now on what is paced.
    func add(_ log: NIOLoopBound<DepartureLog>) {
        state.withLock { state in
            state.logs.append(log)
            for operation in state.paced { _ = log.value.setPaced(operation, true) }
        }
    }

    // MARK: - What exchanges ask, on their loops

    func nextTicket() -> Int {
        // Unlike any other gateway's.
        if lines != nil { return Int.random(in: 1...(1 << 62)) }
        return state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
    }

    /// A request asks for a turn; nil when the queue is full. If it has to wait, the waiter is called back on its loop.
    func arrive(
        _ request: OperationLine.Request, operation: Int, waiter: NIOLoopBound<any Waiter>
    ) -> OperationLine.Verdict? {
        if let lines, fleet?.isLocal == false {
            state.withLock { if $0.alone[operation] == .zero { $0.alone[operation] = nil } }
            return lines.arrive(request, operation: operation, waiter: waiter) ? .wait : nil
        }
        return arriveAlone(request, operation: operation, waiter: waiter)
    }

    /// The same where this gateway decides alone: because it is, or because the fleet's database is away.
    func arriveAlone(
        _ request: OperationLine.Request, operation: Int, waiter: NIOLoopBound<any Waiter>
    ) -> OperationLine.Verdict? {
        let known = lines?.lastKnown(operation)
        return change(on: waiter.eventLoop) { [fleet] state, now in
            var resolutions: [OperationLine.Resolution] = []
            if let fleet, fleet.terms.paced == .part {
                resolutions = state.scheduler.adopt(state.whole.part(of: fleet.member.mostMembers ?? 1), at: now)
            }
            // What left by the line counts for as long as it would there, and what others may have used of it.
            if let known, state.alone.updateValue(known.awaySince ?? .zero, forKey: operation) != known.awaySince ?? .zero {
                let sharedUntil = fleet?.terms.paced == .part ? known.sharedUntil : nil
                state.scheduler.takeOver(known.line, ahead: known.ahead, sharedUntil: sharedUntil, operation: operation, at: now)
            }
            let verdict = state.scheduler.arrive(request, operation: operation, at: now)
            if verdict == .wait { state.waiters[request.ticket] = Waiting(operation: operation, request: request, waiter: waiter) }
            return (verdict, resolutions)
        }
    }

    /// The fleet's database is back: requests that wait for a turn of this gateway's own wait in the fleet's line from now on.
    private func joinLine(_ operation: Int) {
        guard let lines, fleet?.isLocal == false else { return }
        let now = FlowControl.now
        let moving = state.withLock { state in
            state.alone[operation] = nil
            let moving = state.waiters.values.filter { $0.operation == operation }
            for one in moving {
                state.waiters[one.request.ticket] = nil
                // Nobody else leaves for it: all of them go.
                _ = state.scheduler.withdraw(one.request.ticket, operation: operation, at: now)
            }
            return moving
        }
        for one in moving where !lines.arrive(one.request, operation: operation, waiter: one.waiter) {
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

    /// HSS answered a counted request, whatever it said but 429.
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

    /// A call that left while its operation was not paced never reached HSS. Lines that several gateways share go on counting it for their
    /// period: the clock that they go by is not this machine's, so that the moment can't be found again.
    func neverLeft(_ entry: DepartureLog.Entry, _ operation: Int, on loop: any EventLoop) {
        if lines != nil { return }
        change(on: loop) { state, now in
            ((), state.scheduler.forget(entry.time, credential: entry.credential, operation: operation, at: now))
        }
    }

    /// HSS answered 429: the request takes its turn again, or is refused.
    func throttled(
        _ call: FlowScheduler.UnpacedCall, isCounted: Bool, operation: Int, notice: QuotaNotice, waiter: NIOLoopBound<any Waiter>
    ) -> OperationLine.Verdict {
        if let lines, fleet?.isLocal == false, !isCounted || lines.knows(call.request.ticket) {
            lines.throttled(call, isCounted: isCounted, operation: operation, notice: notice, waiter: waiter)
            return .wait
        }
        return change(on: waiter.eventLoop) { state, now in
            let ticket = call.request.ticket
            let result =
                isCounted
                ? state.scheduler.throttled(ticket, operation: operation, notice: notice, at: now)
                : state.scheduler.throttled(unpaced: call, operation: operation, notice: notice, at: now)
            if result.verdict == .wait { state.waiters[ticket] = Waiting(operation: operation, request: call.request, waiter: waiter) }
            return (result.verdict, result.resolutions)
        }
    }

    /// A configuration came into force: what was learnt and who waits stays.
    func adopt(_ rules: FlowRules, on loop: any EventLoop) {
        lines?.adopt(rules)
        change(on: loop) { state, now in
            state.whole = rules
            return ((), state.scheduler.rules == rules ? [] : state.scheduler.adopt(rules, at: now))
        }
    }

    /// How long a granted turn is good for: what takes longer to leave is no longer the call that is counted.
    func lifeOfTurn(_ operation: Int, with credential: String) -> Duration? {
        if let lines { return lines.lifeOfTurn(operation, with: credential) }
        return state.withLock { $0.scheduler.lifeOfTurn(operation, with: credential) }
    }

    // MARK: - Telling and waking

    /// Changes the scheduler, tells whoever that concerns, and sets the timer for the next moment.
    private func change<Value: Sendable>(
        on loop: any EventLoop, _ body: (inout State, Duration) -> (Value, [OperationLine.Resolution])
    ) -> Value {
        let now = FlowControl.now
        return state.withLock { state in
            let (value, resolutions) = body(&state, now)
            tell(resolutions, &state, at: now)
            tellPaced(&state)
            setAlarm(&state, now, loop)
            return value
        }
    }

    private func tell(_ resolutions: [OperationLine.Resolution], _ state: inout State, at now: Duration) {
        for item in resolutions where item.verdict != .wait {
            guard let waiter = state.waiters.removeValue(forKey: item.ticket)?.waiter else { continue }
            waiter.eventLoop.execute { waiter.value.wake(.departure(item.verdict, at: now)) }
        }
    }

    /// Tells every worker which operations became paced, and takes in what each sent of them before.
    private func tellPaced(_ state: inout State) {
        guard lines == nil else { return }
        tell(paced: Set(state.scheduler.pacedOperations), &state)
    }

    /// The fleet says which operations are paced.
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

    /// A timer that rings a moment early would only have to be set again.
    private static let slack = Duration.microseconds(200)

    private func ring(_ moment: Duration, on loop: any EventLoop) {
        change(on: loop) { state, now in
            if state.alarm == moment { state.alarm = nil }
            return ((), state.scheduler.advance(to: now))
        }
    }

    // MARK: - Looking

    /// What the metrics say.
    package struct Reading: Sendable {
        package var waiting: [Int: Int] = [:]
        package var quotas: [(operation: Int, credential: String?, quota: Quota)] = []
        /// Quotas with who waits for them; of a fleet's lines as this gateway knew them last.
        package var readings: [OperationLine.Reading] = []
        /// Nil for a gateway that is alone.
        package var lines: SharedLines.Figures?
    }

    /// Where a caller's requests stand that wait here. Those in lines that a fleet shares stand in its database, and are not among them.
    func standing(of caller: String) -> [(operation: Int, standing: OperationLine.PlaceInLine)] {
        let now = FlowControl.now
        return state.withLock { $0.scheduler.standing(of: caller, at: now) }
    }

    var reading: Reading {
        var reading = state.withLock {
            Reading(
                waiting: $0.scheduler.waitingByOperation, quotas: $0.scheduler.quotas, readings: $0.scheduler.readings(at: FlowControl.now))
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
