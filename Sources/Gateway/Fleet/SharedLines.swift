import Fleet
import NIOCore
import Policy
import Synchronization

/// The queues ("lines") for HSS's quota that a fleet shares. The whole state of a line is one row, replaced by compare-and-set on its version. It is
/// computed by the same state machine as in a single gateway, with the database's clock.
///
/// 1. Changes that come while a statement is under way are queued for the next one: one statement at a time for each line and gateway.
/// 2. If another gateway stored first, its state is taken over, and the same changes are computed again from it.
/// 3. Each gateway releases only its own requests. Turns are taken a moment before they come, so that neither a statement nor a
///    conflict with another gateway costs any of the quota's time. A turn that becomes known too late is returned.
/// 4. Notifications are hints: while requests wait, the line is read once a second.
/// 5. While the database is unreachable, requests leave for which the stored line reserves a turn, each at its time (`SharedLines+Kept.swift`). The
///    others wait, up to `grace`. Then each gateway decides alone, at its part of the pace, once the calls that the others may have made without its
///    knowledge don't count any more. Calls made in that time are not counted individually: the first gateway that stores when the database is back
///    counts as many as may have been made.
/// 6. A gateway never decides alone if it has never read the line, if the others don't count with it, or if the database answers other gateways.
/// 7. Nobody waits longer than `longestWait` and `FlowRules.tolerance`, wherever it waits and whatever the database does: see
///    `SharedLines+Overdue.swift`.
package final class SharedLines: Sendable {
    /// What changes a line: events of this gateway's own requests.
    typealias Change = LineCopy.Change

    /// Between two reads while requests wait.
    static let look = Duration.seconds(1)
    /// Between two attempts while the database is away.
    static let retry = Duration.milliseconds(100)
    /// How often a change is computed again before it is given up.
    static let attempts = 40
    /// How long it takes until every gateway has noticed that the database is back, and stops deciding alone.
    static let returning = AbsenceLog.returning
    /// How long a store may take before the database is considered unreachable.
    static let slow = Duration.milliseconds(250)
    /// No quota's period is longer.
    static let longestPeriod = Duration.seconds(86_400)
    /// The most changes that are queued behind a statement under way.
    static let mostChanges = 10_000

    struct Waiting: Sendable {
        let request: OperationLine.Request
        let waiter: NIOLoopBound<any Waiter>
        /// Since when, by this machine's uptime; what it waited somewhere else counts.
        let arrived: Duration
        /// Whether its position is in the stored state.
        var isPlaced = false
    }

    struct Line: Sendable {
        var copy: LineCopy
        /// How long it takes until a state that is computed now is stored.
        var lead = StoreLead()
        var changes: [Change] = []
        var isBusy = false
        var alarm: Duration?
        /// Since when the database has not answered for it.
        var awaySince: Duration?
        /// The same, until a state has been stored that accounts for the calls that may have been made
        /// without this line.
        var unsettledSince: Duration?
        /// When the last state was computed that was stored.
        var settled = Duration.zero
        /// Since when a state is being stored.
        var busySince = Duration.zero
        var keptAlarm: Duration?
        /// Whether a read is under way, so that none has to be started.
        var isLooking = false
        /// What the database may have forgotten of it, see `LineDatabase.upheavals`.
        var upheavals: UInt64
        /// Requests of other gateways that were overtaken, as long as they are in the line.
        var passedBy: Set<Int> = []

        var machine: OperationLine { copy.machine }
    }

    struct State: Sendable {
        var rules: FlowRules
        var lines: [Int: Line] = [:]
        var waiters: [Int: (operation: Int, waiter: Waiting)] = [:]
        /// Requests that got their turn from this gateway and have not ended yet.
        var tickets: Set<Int> = []
        var figures = Figures()
        /// When requests that have waited for as long as they may are refused next; nil while no timer is set.
        var sweep: Duration?

        /// Whether gateways that decide alone first wait until the calls of the others can't count any more.
        let isSilentFirst: Bool
        /// Operations that are held to a pace according to the last heartbeat.
        var paced: Set<Int> = []

        var grace: Duration { rules.grace }

        /// For how long gateways may have decided alone about a line, as far as this one knows. Calls before that don't count any more.
        func absence(_ line: Line, _ absences: AbsenceLog, at now: Duration) -> LineCopy.Absence {
            var (since, end) = (line.unsettledSince, now)
            let isRecent = absences.until.map { $0 > line.settled && now - $0 < line.machine.longestSpan + SharedLines.returning } ?? true
            if let away = absences.since, isRecent {
                // Nobody waited here: this gateway took no turn alone, and the others tell of theirs when they come back.
                if since == nil { end = absences.until ?? now }
                since = min(since ?? away, away)
            }
            guard let since else { return LineCopy.Absence(span: .zero, returning: SharedLines.returning) }
            return LineCopy.Absence(
                span: rules.timeAlone(since: since, at: end, isSilentFirst: isSilentFirst), began: now - since, ended: now - end,
                returning: SharedLines.returning)
        }

        /// Requests that have waited for the database for as long as they may; all of them once it has been unreachable for that time. Those whose
        /// reserved turns are still to come wait for them.
        mutating func takeImpatient(_ operation: Int, at now: Duration, keeping kept: Set<Int>) -> [Waiting] {
            guard let since = lines[operation]?.awaySince else { return [] }
            // A gateway must not decide alone before those that come back take it into account, see
            // `timeAlone`.
            let away = now - since
            let impatient = waiters.filter { ticket, entry in
                entry.operation == operation && (away >= grace || away >= grace / 2 && now - entry.waiter.arrived >= grace) && !kept.contains(ticket)
            }
            for ticket in impatient.keys {
                waiters[ticket] = nil
                lines[operation]?.copy.leave(ticket)
            }
            return impatient.values.map(\.waiter)
        }
    }

    /// Figures for the metrics.
    package struct Figures: Sendable {
        package var conflicts: UInt64 = 0
        package var taken: UInt64 = 0
        package var stale: UInt64 = 0
        package var passedBy: UInt64 = 0
        /// Of the taken turns: those that were reserved in the line, while the database was unreachable.
        package var kept: UInt64 = 0
        package var notified: UInt64 = 0
        package var looked: UInt64 = 0
    }

    let database: any LineDatabase
    let loop: any EventLoop
    /// This machine's uptime.
    let clock: @Sendable () -> Duration
    /// Identifies this gateway's requests in the lines.
    let owner: Int64
    let name: @Sendable (Int) -> String
    /// Called with the operations that are held to a pace: all of them, or some in addition to those that are
    /// known.
    private let paced = Mutex<(@Sendable (Set<Int>, _ areAll: Bool) -> Void)?>(nil)
    /// Called when the database is back for an operation's line.
    private let back = Mutex<(@Sendable (Int) -> Void)?>(nil)
    let state: Mutex<State>

    /// - Parameter isSilentFirst: whether gateways that decide alone first wait until the calls of the others
    ///   can't count any more.
    init(
        database: any LineDatabase, loop: any EventLoop, clock: @escaping @Sendable () -> Duration, rules: FlowRules, isSilentFirst: Bool,
        name: @escaping @Sendable (Int) -> String, operation: @escaping @Sendable (String) -> Int?
    ) {
        self.database = database
        self.loop = loop
        self.clock = clock
        self.name = name
        owner = OperationLine.owner()
        state = Mutex(State(rules: rules, isSilentFirst: isSilentFirst))
        database.whenNotified { [weak self] payload in
            guard payload.hasPrefix("l"), let operation = operation(String(payload.dropFirst())) else { return }
            self?.wasNotified(operation)
        }
        database.whenPaced { [weak self] names in self?.arePaced(Set(names.compactMap(operation))) }
    }

    func whenPaced(_ listener: @escaping @Sendable (Set<Int>, _ areAll: Bool) -> Void) { paced.withLock { $0 = listener } }

    func whenBack(_ listener: @escaping @Sendable (Int) -> Void) { back.withLock { $0 = listener } }

    func tellBack(_ operation: Int) { back.withLock { $0 }?(operation) }

    func tellPaced(_ operations: Set<Int>, areAll: Bool) { paced.withLock { $0 }?(operations, areAll) }

    // MARK: - Called by exchanges, on their event loops

    /// A request wants to leave; false when the queue is full. The waiter is called back on its event loop.
    /// - Parameter start: since when it has been waiting, by this machine's uptime.
    func arrive(_ request: OperationLine.Request, since start: Duration, operation: Int, waiter: NIOLoopBound<any Waiter>) -> Bool {
        let hasRoom = state.withLock { state in
            guard state.waiters.count < state.rules.queue else { return false }
            state.waiters[request.ticket] = (operation, Waiting(request: request, waiter: waiter, arrived: start))
            return true
        }
        guard hasRoom else { return false }
        let isTaken = change(operation) { [clock] line, now in
            // What the change itself waits for the database counts as well.
            guard let verdict = line.arrive(request, since: now - (clock() - start), at: now, hasRoom: true) else { return [] }
            return [OperationLine.Resolution(ticket: request.ticket, verdict: verdict)]
        }
        if isTaken { setSweep(for: start) } else { state.withLock { $0.waiters[request.ticket] = nil } }
        return isTaken
    }

    /// A request was told its turn too late to use it.
    private func missed(_ waiting: Waiting, operation: Int) {
        let (request, start) = (waiting.request, waiting.arrived)
        var waiting = waiting
        // Until the change is stored the line still has the turn.
        waiting.isPlaced = false
        state.withLock { [waiting] state in
            state.tickets.remove(request.ticket)
            state.waiters[request.ticket] = (operation, waiting)
        }
        change(operation) { [clock] line, now in
            guard let verdict = line.missed(request, since: now - (clock() - start), at: now) else { return [] }
            return [OperationLine.Resolution(ticket: request.ticket, verdict: verdict)]
        }
        setSweep(for: start)
    }

    func withdraw(_ ticket: Int, operation: Int) {
        state.withLock { state in
            state.waiters[ticket] = nil
            state.tickets.remove(ticket)
        }
        change(operation) { line, _ in
            line.withdraw(ticket)
            return []
        }
    }

    /// Whether a request waits here, or got its turn from here.
    func knows(_ ticket: Int) -> Bool { state.withLock { $0.tickets.contains(ticket) || $0.waiters[ticket] != nil } }

    func answered(_ ticket: Int, operation: Int) {
        // The time of the answer, not that of the store: the slot is free that much sooner.
        let time = database.time.map { Duration.microseconds($0) }
        end(ticket, operation) { line, now in line.answered(ticket, at: min(now, time ?? now)) }
    }

    func ended(_ ticket: Int, operation: Int, hasLeft: Bool) {
        end(ticket, operation) { line, _ in line.ended(ticket, hasLeft: hasLeft) }
    }

    private func end(_ ticket: Int, _ operation: Int, _ body: @escaping @Sendable (inout OperationLine, Duration) -> Void) {
        guard state.withLock({ $0.tickets.remove(ticket) != nil }) else { return }
        change(operation) { line, now in
            body(&line, now)
            return []
        }
    }

    /// HSS answered 429: the request takes a turn again, or is refused; the waiter is called back on its
    /// event loop.
    /// - Parameter start: since when it has been waiting, without what its call took.
    func throttled(
        _ call: FlowScheduler.UnpacedCall, since start: Duration, isCounted: Bool, operation: Int, notice: QuotaNotice,
        waiter: NIOLoopBound<any Waiter>
    ) {
        let ticket = call.request.ticket
        state.withLock { state in
            state.tickets.remove(ticket)
            state.waiters[ticket] = (operation, Waiting(request: call.request, waiter: waiter, arrived: start))
        }
        let ahead = (database.time ?? 0) - clock().microseconds
        let isTaken = change(operation) { line, now in
            let result =
                isCounted
                ? line.throttled(ticket, notice, at: now)
                : line.throttled(
                    unpaced: call.request, credential: call.credential, notice: notice, departure: call.departure + .microseconds(ahead), at: now)
            return [OperationLine.Resolution(ticket: ticket, verdict: result.verdict)] + result.resolutions
        }
        guard !isTaken, let (_, waiter) = state.withLock({ $0.waiters.removeValue(forKey: ticket) }) else { return setSweep(for: start) }
        waiter.waiter.eventLoop.execute { waiter.waiter.value.wake(.departureIsUnknown(waiter.request, mayGoAlone: false)) }
    }

    /// Calls that left before the operation was paced, by this machine's uptime.
    func remember(_ departures: [OperationLine.Departure], credential: String, operation: Int) {
        let ahead = Duration.microseconds((database.time ?? 0) - clock().microseconds)
        change(operation) { line, now in
            line.remember(departures.map { .init(caller: $0.caller, time: $0.time + ahead) }, credential: credential, at: now)
        }
    }

    func adopt(_ rules: FlowRules) { state.withLock { $0.rules = rules } }

    // MARK: - Callbacks

    /// Calls back the request of a resolution, if it waits here.
    /// - Parameter stamp: when its turn comes, by the database's clock.
    func tell(_ resolution: OperationLine.Resolution, _ operation: Int, _ machine: OperationLine, at stamp: Duration) {
        guard resolution.verdict != .wait else { return }
        guard let (_, waiter) = state.withLock({ $0.waiters.removeValue(forKey: resolution.ticket) }) else {
            // It left at the same moment: its turn is free for another.
            if case .leave = resolution.verdict, !knows(resolution.ticket) {
                change(operation) { line, _ in
                    line.ended(resolution.ticket, hasLeft: false)
                    return []
                }
            }
            return
        }
        guard case .leave(let credential) = resolution.verdict else {
            let now = clock()
            return waiter.waiter.eventLoop.execute { waiter.waiter.value.wake(.departure(resolution.verdict, at: now)) }
        }
        state.withLock { _ = $0.tickets.insert(resolution.ticket) }
        let ahead = Duration.microseconds((database.time ?? 0) - clock().microseconds)
        let turn = stamp - ahead
        // Too late to be the call that the line counts: the turn is returned, and the request takes a new one.
        if clock() - turn > machine.lifeOfTurn(with: credential) {
            state.withLock { $0.figures.stale += 1 }
            return missed(waiter, operation: operation)
        }
        state.withLock { $0.figures.taken += 1 }
        // Turns are stored before they come (`OperationLine.foresight`): no request leaves before the moment that the line
        // counts.
        waiter.waiter.eventLoop.scheduleTask(in: TimeAmount(max(.zero, turn - clock()))) {
            waiter.waiter.value.wake(.departure(resolution.verdict, at: turn))
        }
    }

    /// A line that is used here for the first time. If the database lost data recently, some of this line may be lost, too.
    func newLine(_ machine: OperationLine) -> Line {
        let isRecent = database.lastUpheaval.map { clock() - $0 < machine.longestSpan } ?? false
        // One less than the present count, so that the first stored state accounts for the upheaval.
        return Line(copy: LineCopy(machine: machine), upheavals: isRecent ? database.upheavals &- 1 : database.upheavals)
    }

    /// Requests that were moved beyond their time by a 429 of another gateway keep only a claim: they are
    /// refused.
    func settle(_ operation: Int, _ machine: OperationLine) {
        let waiting = state.withLock { state in state.waiters.filter { $0.value.operation == operation && $0.value.waiter.isPlaced } }
        let now = Duration.microseconds(database.time ?? 0)
        for (ticket, entry) in waiting {
            switch machine.standing(of: ticket) {
            case .waiting: break
            case .departed(let credential, let time):
                tell(OperationLine.Resolution(ticket: ticket, verdict: .leave(credential: credential)), operation, machine, at: time)
            case nil:
                let wait = machine.claim(of: entry.waiter.request, at: now) ?? .seconds(1)
                tell(OperationLine.Resolution(ticket: ticket, verdict: .refuse(retryAfter: wait)), operation, machine, at: now)
            }
        }
    }

    // MARK: - Reading

    /// How long a granted turn stays valid.
    func lifeOfTurn(_ operation: Int, with credential: String) -> Duration? {
        state.withLock { $0.lines[operation]?.machine.lifeOfTurn(with: credential) }
    }

    /// The last state of a line that is known here.
    struct LastKnown {
        let line: OperationLine
        /// How far its clock is ahead of this machine's uptime.
        let ahead: Duration
        /// Since when the database has been unreachable; nil while it answers.
        let awaySince: Duration?
        /// Until when other gateways may send requests that are not known here, by turns that were reserved for them a moment before, if the database
        /// became unreachable for all of them at the same time.
        let sharedUntil: Duration
    }

    func lastKnown(_ operation: Int) -> LastKnown? {
        guard let time = database.time else { return nil }
        let (now, absences) = (clock(), database.absences)
        return state.withLock { state in
            guard let line = state.lines[operation], line.copy.isKnown else { return nil }
            // Until the last time that anybody could store, turns may have been kept for others, whatever went before.
            let since = absences.until == nil ? absences.began ?? line.awaySince : line.awaySince
            let sharedUntil = (absences.until == nil ? since ?? now : now) + state.grace + line.machine.lifeOfKept
            return LastKnown(line: line.machine, ahead: .microseconds(time) - now, awaySince: since, sharedUntil: sharedUntil)
        }
    }

    /// Whether this gateway may use its part of a configured pace without asking.
    func mayGoAlone(_ operation: Int) -> Bool {
        let (isKnown, isWritten) = state.withLock { state in
            let isKnown = state.lines[operation]?.copy.isKnown ?? false
            guard case .fixed = state.rules.pace else { return (isKnown || !state.paced.contains(operation), false) }
            return (isKnown, true)
        }
        return isKnown && (!isWritten || database.isCountedByOthers)
    }

    var figures: Figures { state.withLock { $0.figures } }

    var reading: FlowControl.Reading {
        let ahead = Duration.microseconds((database.time ?? 0) - clock().microseconds)
        return state.withLock { state in
            var reading = FlowControl.Reading()
            for entry in state.waiters.values { reading.waiting[entry.operation, default: 0] += 1 }
            for (operation, line) in state.lines { reading.quotas += line.machine.quotas.map { (operation, $0.credential, $0.quota) } }
            for (operation, line) in state.lines { reading.readings += line.machine.readings(of: operation, at: clock() + ahead) }
            return reading
        }
    }
}
