/// The queues of all operations, with a common limit of waiting requests.
package struct FlowScheduler: Sendable {
    package private(set) var rules: FlowRules
    private var lines: [Int: OperationLine] = [:]
    /// When `advance` is due for each line.
    private var moments: [Int: Duration] = [:]
    private var waiting: [Int: Int] = [:]

    package init(rules: FlowRules) {
        self.rules = rules
    }

    package var waitingCount: Int { waiting.values.reduce(0, +) }
    /// When `advance` should be called next.
    package var nextMoment: Duration? { moments.values.min() }
    /// Operations, by index, that are held to a pace.
    package var pacedOperations: [Int] { lines.filter { $0.value.isPaced }.map(\.key) }
    /// How many requests wait for each operation, by index.
    package var waitingByOperation: [Int: Int] { waiting.filter { $0.value > 0 } }

    /// The quotas in force: that of each credential, and the one for all of them together.
    package var quotas: [(operation: Int, credential: String?, quota: Quota)] {
        lines.flatMap { operation, line -> [(operation: Int, credential: String?, quota: Quota)] in
            let own = line.allowances.compactMap { name, allowance in allowance.quota.map { (operation, Optional(name), $0) } }
            return own + (line.shared.quota.map { [(operation, nil, $0)] } ?? [])
        }
    }

    /// The present state of the lines.
    package func readings(at now: Duration) -> [OperationLine.Reading] { lines.flatMap { $0.value.readings(of: $0.key, at: now) } }

    /// Changes one operation's line, and updates what is derived from it.
    private mutating func with<Value>(_ operation: Int, at now: Duration, _ body: (inout OperationLine) -> Value) -> Value {
        // Removed while it is changed, so that nothing is copied.
        var line = lines.removeValue(forKey: operation) ?? OperationLine(rules: rules)
        let value = body(&line)
        waiting[operation] = line.waitingCount
        moments[operation] = line.nextMoment(after: now)
        lines[operation] = line
        return value
    }

    /// The positions of a caller's waiting requests, by operation, sorted by its index.
    package func standing(of caller: String, at now: Duration) -> [(operation: Int, standing: OperationLine.PlaceInLine)] {
        lines.keys.sorted().flatMap { operation in
            (lines[operation]?.standing(of: caller, at: now) ?? []).map { (operation, $0) }
        }
    }

    /// How long a granted turn stays valid; nil if nothing is paced.
    package func lifeOfTurn(_ operation: Int, with credential: String) -> Duration? {
        lines[operation].flatMap { $0.isPaced ? $0.lifeOfTurn(with: credential) : nil }
    }

    /// A request asks for a turn; nil when the queue is full.
    /// - Parameter start: since when it has been waiting, if it waited before.
    package mutating func arrive(
        _ request: OperationLine.Request, since start: Duration? = nil, operation: Int, at now: Duration
    ) -> OperationLine.Verdict? {
        let hasRoom = waitingCount < rules.queue
        return with(operation, at: now) { $0.arrive(request, since: start, at: now, hasRoom: hasRoom) }
    }

    /// The caller of a waiting request has left.
    /// - Returns: requests that may leave because of that.
    package mutating func withdraw(_ ticket: Int, operation: Int, at now: Duration) -> [OperationLine.Resolution] {
        with(operation, at: now) { line in
            line.withdraw(ticket)
            return line.advance(to: now)
        }
    }

    /// Continues alone with an operation whose line was shared.
    /// - Returns: those whose turn moved beyond their time.
    package mutating func takeOver(
        _ shared: OperationLine, ahead: Duration, sharedUntil: Duration?, operation: Int, at now: Duration
    ) -> [OperationLine.Resolution] {
        with(operation, at: now) { line in
            line.takeOver(shared, ahead: ahead, sharedUntil: sharedUntil)
            return line.refuseHopeless(at: now)
        }
    }

    /// A request has waited for as long as it may. Requests whose turn comes by that are released.
    package mutating func refuseWaiting(_ ticket: Int, operation: Int, at now: Duration) -> [OperationLine.Resolution] {
        with(operation, at: now) { line in
            let verdict = line.refuseWaiting(ticket, at: now) ?? .refuse(retryAfter: .seconds(1))
            return [OperationLine.Resolution(ticket: ticket, verdict: verdict)] + line.advance(to: now)
        }
    }

    /// HSS answered a counted request with any status but 429.
    package mutating func answered(_ ticket: Int, operation: Int, at now: Duration) {
        with(operation, at: now) { $0.answered(ticket, at: now) }
    }

    /// A counted request ended without an answer.
    /// - Parameter hasLeft: whether HSS may have seen it, so that it still counts.
    /// - Returns: requests that may leave because of that.
    package mutating func ended(_ ticket: Int, operation: Int, hasLeft: Bool, at now: Duration) -> [OperationLine.Resolution] {
        with(operation, at: now) { line in
            line.ended(ticket, hasLeft: hasLeft)
            return line.advance(to: now)
        }
    }

    /// HSS answered a counted request with 429.
    /// - Returns: what becomes of this request, and of others whose turns moved.
    package mutating func throttled(
        _ ticket: Int, operation: Int, notice: QuotaNotice, at now: Duration
    ) -> (verdict: OperationLine.Verdict, resolutions: [OperationLine.Resolution]) {
        with(operation, at: now) { $0.throttled(ticket, notice, at: now) }
    }

    /// A call that left while its operation was not paced came back with 429.
    package mutating func throttled(
        unpaced call: UnpacedCall, operation: Int, notice: QuotaNotice, at now: Duration
    ) -> (verdict: OperationLine.Verdict, resolutions: [OperationLine.Resolution]) {
        with(operation, at: now) {
            $0.throttled(unpaced: call.request, credential: call.credential, notice: notice, departure: call.departure, at: now)
        }
    }

    /// A call that was not counted when it left.
    package struct UnpacedCall: Sendable {
        package let request: OperationLine.Request
        package let credential: String
        package let departure: Duration

        package init(request: OperationLine.Request, credential: String, departure: Duration) {
            self.request = request
            self.credential = credential
            self.departure = departure
        }
    }

    /// Calls that left before the operation was paced: they count against its quota.
    /// - Returns: requests that are refused, because their turns moved beyond their time.
    package mutating func remember(
        _ departures: [OperationLine.Departure], credential: String, operation: Int, at now: Duration
    ) -> [OperationLine.Resolution] {
        with(operation, at: now) { $0.remember(departures, credential: credential, at: now) }
    }

    /// A remembered call never reached the upstream. Releases requests that get a turn by that.
    package mutating func forget(_ departure: Duration, credential: String, operation: Int, at now: Duration) -> [OperationLine.Resolution] {
        with(operation, at: now) { line in
            line.forget(departure, credential: credential)
            return line.advance(to: now)
        }
    }

    /// Releases the requests whose turn has come.
    package mutating func advance(to now: Duration) -> [OperationLine.Resolution] {
        var resolutions: [OperationLine.Resolution] = []
        for (operation, moment) in moments where moment <= now { resolutions += with(operation, at: now) { $0.advance(to: now) } }
        return resolutions
    }

    /// Another configuration is in force. Requests whose turn comes by that are released, and those whose turn moved beyond their time are refused.
    package mutating func adopt(_ rules: FlowRules, at now: Duration) -> [OperationLine.Resolution] {
        self.rules = rules
        var resolutions: [OperationLine.Resolution] = []
        for operation in Array(lines.keys) {
            resolutions += with(operation, at: now) { line in
                line.adopt(rules)
                return line.advance(to: now) + line.refuseHopeless(at: now)
            }
        }
        return resolutions
    }
}
