@testable import Policy

/// Gateways that share one line in a row of a database, as a model whose every interleaving can be walked: each step of a gateway, of the database
/// and of the clock is an action, and so are answers that are lost, statements that arrive late, calls that are answered, a crash, and a member whose
/// time is over. The line and the gateways' copies are the real ones.
struct LineCopyModel {
    enum Action: Hashable {
        case begin(Int), apply(Int), hear(Int), lose(Int), applyLate(Int), read(Int), useKept(Int)
        case crash(Int), answer(Int), expire(Int), rejoin(Int), tick
    }

    private struct Row {
        var version: Int64 = 0
        var state: [UInt8]?
    }

    private enum Answer {
        case stored(Int64)
        case moved(Row)
        case fenced
    }

    private struct Gateway {
        var copy: LineCopy
        /// The stored state that the copy is of.
        var state: [UInt8] = []
        var changes: [LineCopy.Change] = []
        var attempt: LineCopy.Attempt?
        /// How many of the changes go with it.
        var sent = 0
        var isApplied = false
        var answer: Answer?
        /// A statement that is not waited for any more, and that the database may still execute.
        var late: LineCopy.Attempt?
        var waiting: Set<Int>
        var placed: Set<Int> = []
        var attempts = 0
        var reads = 0
        var isDead = false
        /// Whether it considers the database unreachable.
        var isCutOff = false
        /// Whether its membership is over, so that the database takes nothing of it.
        var isExpired = false
        /// Its calls whose answers are out.
        var unanswered: Set<Int> = []
    }

    struct Call: Hashable {
        let ticket: Int
        let time: Duration
        /// When it has reached the upstream at the latest.
        var latest: Duration
    }

    static let start = Duration.seconds(1_000)
    let rules: FlowRules
    let quota: Quota
    /// The possible times of the clock, from the start on.
    let moments: [Duration]
    let mostAttempts: Int
    let mostReads: Int
    private var row = Row()
    private var gateways: [Gateway]
    private var moment = 0
    private(set) var calls: [Call] = []
    private(set) var faults: [String] = []
    private var isFinishing = false
    private var finishing = Duration.zero
    private var crashes: Int
    private var answers: Int
    private var expiries: Int
    /// A gateway of an earlier version, which uses kept turns for longer; nil where there is none.
    private let earlier: Int?

    var now: Duration { isFinishing ? finishing : Self.start + moments[moment] }

    /// - Parameter requests: the number for each gateway.
    init(
        quota: Quota, requests: [Int], moments: [Duration], mostAttempts: Int, mostReads: Int, crashes: Int = 0, answers: Int = 0, expiries: Int = 0,
        earlier: Int? = nil
    ) {
        self.quota = quota
        rules = FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: .seconds(10))
        self.moments = moments
        self.mostAttempts = mostAttempts
        self.mostReads = mostReads
        self.crashes = crashes
        self.answers = answers
        self.expiries = expiries
        self.earlier = earlier
        gateways = []
        for (owner, count) in requests.enumerated() {
            let tickets = (0..<count).map { owner * 10 + $0 + 1 }
            var gateway = Gateway(copy: LineCopy(machine: OperationLine(rules: rules)), waiting: Set(tickets))
            for ticket in tickets { gateway.changes.append(Self.arrival(ticket, owner: Self.owner(owner, earlier))) }
            gateways.append(gateway)
        }
    }

    private static func owner(_ index: Int, _ earlier: Int?) -> Int64 { Int64(index + 1) + (index == earlier ? 1 << 50 : 0) }

    private func owner(_ index: Int) -> Int64 { Self.owner(index, earlier) }

    private static func request(_ ticket: Int, owner: Int64) -> OperationLine.Request {
        OperationLine.Request(ticket: ticket, caller: "c\(ticket)", credentials: ["keys"], owner: owner)
    }

    private static func arrival(_ ticket: Int, owner: Int64) -> LineCopy.Change {
        let request = request(ticket, owner: owner)
        return { line, now in
            line.arrive(request, at: now, hasRoom: true).map { [OperationLine.Resolution(ticket: ticket, verdict: $0)] } ?? []
        }
    }

    // MARK: - Actions

    var actions: [Action] {
        var found: [Action] = moment + 1 < moments.count ? [.tick] : []
        for (index, gateway) in gateways.enumerated() {
            if gateway.late != nil { found.append(.applyLate(index)) }
            guard !gateway.isDead else { continue }
            if crashes > 0 { found.append(.crash(index)) }
            if answers > 0, !gateway.unanswered.isEmpty { found.append(.answer(index)) }
            if gateway.isExpired { found.append(.rejoin(index)) } else if expiries > 0 { found.append(.expire(index)) }
            if gateway.attempt == nil {
                if gateway.attempts < mostAttempts, !gateway.waiting.isEmpty || !gateway.changes.isEmpty || gateway.copy.isUntold {
                    found.append(.begin(index))
                }
                if gateway.reads < mostReads { found.append(.read(index)) }
            } else {
                found.append(gateway.isApplied ? .hear(index) : .apply(index))
                if gateway.late == nil { found.append(.lose(index)) }
            }
            let isCutOff = gateway.isCutOff || earlier != nil && gateway.attempts == mostAttempts
            if gateway.attempt != nil || isCutOff, !usable(index).isEmpty { found.append(.useKept(index)) }
        }
        return found
    }

    mutating func perform(_ action: Action) {
        switch action {
        case .tick: moment += 1
        case .begin(let index): begin(index)
        case .apply(let index): apply(index)
        case .hear(let index): hear(index)
        case .lose(let index):
            // The gateway doesn't know whether it was executed, will be or never is.
            if !gateways[index].isApplied { gateways[index].late = gateways[index].attempt }
            gateways[index].attempt = nil
            gateways[index].answer = nil
            gateways[index].isCutOff = true
            gateways[index].copy.failed()
        case .applyLate(let index):
            if let late = gateways[index].late { _ = replace(late, of: index) }
            gateways[index].late = nil
        case .read(let index):
            gateways[index].reads += 1
            read(index)
        case .useKept(let index): useKept(index)
        case .answer(let index):
            answers -= 1
            answer(index)
        case .expire(let index):
            expiries -= 1
            gateways[index].isExpired = true
        case .rejoin(let index): gateways[index].isExpired = false
        case .crash(let index):
            crashes -= 1
            gateways[index].isDead = true
            if gateways[index].attempt != nil, !gateways[index].isApplied { gateways[index].late = gateways[index].attempt }
        }
        check()
    }

    private mutating func begin(_ index: Int) {
        gateways[index].attempts += 1
        let attempt = gateways[index].copy.attempt(
            gateways[index].changes, rules: rules, owner: owner(index), at: now, absence: .init(span: .zero, returning: .zero),
            horizon: .seconds(10))
        guard gateways[index].copy.begin(attempt) else { return faults.append("nothing lies between computing and sending here") }
        gateways[index].attempt = attempt
        gateways[index].sent = gateways[index].changes.count
        gateways[index].isApplied = false
    }

    /// The database's part: compare-and-set of a state, if its time is the database's.
    private mutating func replace(_ attempt: LineCopy.Attempt, of index: Int) -> Answer {
        guard !gateways[index].isExpired else { return .fenced }
        guard row.version == attempt.version, now - attempt.now <= .milliseconds(50) else { return .moved(row) }
        row = Row(version: row.version + 1, state: attempt.bytes)
        return .stored(row.version)
    }

    private mutating func apply(_ index: Int) {
        guard let attempt = gateways[index].attempt else { return }
        gateways[index].answer = replace(attempt, of: index)
        gateways[index].isApplied = true
    }

    private mutating func hear(_ index: Int) {
        guard let attempt = gateways[index].attempt, let answer = gateways[index].answer else { return }
        gateways[index].attempt = nil
        gateways[index].answer = nil
        switch answer {
        case .moved(let row):
            gateways[index].copy.refused()
            take(row, index)
        case .fenced:
            gateways[index].copy.refused()
            gateways[index].isCutOff = true
        case .stored(let version):
            gateways[index].copy.stored(attempt, version: version)
            gateways[index].state = attempt.bytes
            gateways[index].changes.removeFirst(gateways[index].sent)
            gateways[index].isCutOff = false
            for item in attempt.resolutions {
                switch item.verdict {
                case .wait: gateways[index].placed.insert(item.ticket)
                case .leave: leave(index, item.ticket, at: attempt.machine.departure(of: item.ticket) ?? attempt.now)
                case .refuse: faults.append("nobody is refused here")
                }
            }
        }
        settle(index)
    }

    private mutating func read(_ index: Int) {
        gateways[index].isCutOff = false
        guard row.state != nil, row.version != gateways[index].copy.version else { return }
        take(row, index)
        settle(index)
    }

    private mutating func take(_ row: Row, _ index: Int) {
        gateways[index].state = row.state ?? []
        if !gateways[index].copy.take(row.state, version: row.version, rules: rules) { faults.append("a stored state can be read") }
    }

    /// Turns of a stored state whose answer was lost.
    private mutating func settle(_ index: Int) {
        for ticket in gateways[index].placed.sorted() where gateways[index].waiting.contains(ticket) {
            guard case .departed(_, let time) = gateways[index].copy.machine.standing(of: ticket) else { continue }
            leave(index, ticket, at: time)
        }
    }

    private mutating func leave(_ index: Int, _ ticket: Int, at time: Duration) {
        // One that is under way was called back before.
        guard gateways[index].waiting.remove(ticket) != nil else { return }
        guard now - time <= gateways[index].copy.machine.lifeOfTurn(with: "keys") else {
            // Too late to be the call that the line counts.
            gateways[index].waiting.insert(ticket)
            gateways[index].placed.remove(ticket)
            let request = Self.request(ticket, owner: owner(index))
            return gateways[index].changes.append { line, now in
                line.missed(request, since: now, at: now).map { [OperationLine.Resolution(ticket: ticket, verdict: $0)] } ?? []
            }
        }
        call(index, ticket, at: time)
    }

    private mutating func call(_ index: Int, _ ticket: Int, at time: Duration) {
        calls.append(Call(ticket: ticket, time: time, latest: time + quota.transit))
        gateways[index].unanswered.insert(ticket)
    }

    /// HSS has answered the first call that is out.
    private mutating func answer(_ index: Int) {
        guard let first = calls.indices.filter({ gateways[index].unanswered.contains(calls[$0].ticket) }).min(by: { calls[$0].time < calls[$1].time })
        else { return }
        let (ticket, time) = (calls[first].ticket, max(now, calls[first].time))
        gateways[index].unanswered.remove(ticket)
        calls[first].latest = min(calls[first].latest, time)
        gateways[index].changes.append { line, _ in
            line.answered(ticket, at: time)
            return []
        }
    }

    private func usable(_ index: Int) -> [OperationLine.KeptTurn] {
        // The earlier one uses them for as long as a call may be under way.
        let isLong = index == earlier
        return gateways[index].copy.keptTurns(of: owner(index), at: isLong ? .zero : now).filter { turn in
            turn.opens <= now && (!isLong || now <= turn.opens + quota.transit) && gateways[index].waiting.contains(turn.ticket)
        }
    }

    private mutating func useKept(_ index: Int) {
        for turn in usable(index) {
            gateways[index].waiting.remove(turn.ticket)
            guard index == earlier else {
                gateways[index].copy.use(turn)
                call(index, turn.ticket, at: turn.opens)
                continue
            }
            gateways[index].copy.use(OperationLine.KeptTurn(ticket: turn.ticket, credential: turn.credential, opens: now, closes: now))
            call(index, turn.ticket, at: now)
        }
    }

    // MARK: - Invariants

    private mutating func check() {
        if Set(calls.map(\.ticket)).count != calls.count { faults.append("a request left twice") }
        let calls = calls.sorted { $0.time < $1.time }
        // Each may have arrived at any moment from its departure until its answer, or as late as one can.
        for index in calls.indices where index + quota.limit < calls.count {
            let all = calls[index...(index + quota.limit)]
            if let first = all.map(\.latest).min(), let last = all.last?.time, last < first + quota.period {
                faults.append("one call too many within a period")
            }
        }
    }

    /// Without further failures: how long it takes until every request of a living gateway has left; nil if that never happens.
    func timeToFinish(atMost most: Duration) -> Duration? {
        var model = self
        model.finishing = now
        model.isFinishing = true
        for index in model.gateways.indices { model.gateways[index].isExpired = false }
        while model.finishing < now + most {
            for index in model.gateways.indices {
                if model.gateways[index].late != nil { model.perform(.applyLate(index)) }
                guard !model.gateways[index].isDead else { continue }
                if model.gateways[index].attempt != nil {
                    if !model.gateways[index].isApplied { model.perform(.apply(index)) }
                    model.perform(.hear(index))
                }
                model.read(index)
                model.begin(index)
                model.perform(.apply(index))
                model.perform(.hear(index))
            }
            guard model.faults.isEmpty else { return nil }
            if model.gateways.allSatisfy({ $0.isDead || $0.waiting.isEmpty }) { return model.finishing - now }
            model.finishing += .milliseconds(50)
        }
        return nil
    }

    /// Two models with the same key behave the same.
    struct Key: Hashable {
        struct Part: Hashable {
            let state: [UInt8]
            let attempt: [UInt8]?
            let late: [UInt8]?
            let answer: Int64?
            let flags: [Bool]
            let counts: [Int]
            let waiting: Set<Int>
            let placed: Set<Int>
            let mayUse: [Int]
            let mayHope: Set<Int>
        }

        let moment: Int
        let budgets: [Int]
        let version: Int64
        let row: [UInt8]?
        let calls: Set<Call>
        let parts: [Part]
    }

    var key: Key {
        let parts = gateways.enumerated().map { index, gateway in
            let answer: Int64? =
                switch gateway.answer {
                case nil: nil
                case .stored(let version): version
                case .moved(let row): -1 - row.version
                case .fenced: .min
                }
            return Key.Part(
                state: gateway.state, attempt: gateway.attempt?.bytes, late: gateway.late?.bytes, answer: answer,
                flags: [gateway.isDead, gateway.isCutOff, gateway.isApplied, gateway.copy.isUntold, gateway.isExpired],
                counts: [gateway.attempts, gateway.reads, gateway.changes.count, gateway.sent, Int(gateway.copy.version)], waiting: gateway.waiting,
                placed: gateway.placed, mayUse: gateway.copy.keptTurns(of: owner(index), at: .zero).map(\.ticket),
                mayHope: gateway.copy.hopefulTurns(of: owner(index), at: .zero))
        }
        return Key(moment: moment, budgets: [crashes, answers, expiries], version: row.version, row: row.state, calls: Set(calls), parts: parts)
    }
}
