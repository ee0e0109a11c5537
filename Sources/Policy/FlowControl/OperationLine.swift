/// The queue ("line") of one operation, and the quotas that it uses. Without I/O and clock: times in, verdicts out.
///
/// Its fairness and guarantees (the reasons are in `docs/operations.md`):
/// 1. Callers take turns. A place's `turn` is the round in which its caller is served: at least the present round, and one more than the
///    caller's last turn. Places are ordered by turn, then by arrival; a caller's own requests stay in order.
/// 2. A waiting request is guaranteed to leave within `longestWait`. No request is inserted before it if that would break the guarantee;
///    a later one is queued behind it instead, even if it is the newcomer's turn.
/// 3. A request that would have to wait longer is refused at once, with the time of its turn. That turn is reserved for the caller: its
///    claim is in the line like a request, one for each caller, so that callers who send continuously can't displace those who come back
///    at the given time.
/// 4. For a claim, a slot stays unused only around the time at which its caller is expected (`patience`).
/// 5. Waiting requests are refused before their time only when an upstream's 429 or another pace moved their turn beyond it.
package struct OperationLine: Sendable {
    /// A request that wants to leave.
    package struct Request: Sendable {
        package let ticket: Int
        package let caller: String
        /// The credentials that it may leave with; they share the load.
        package let credentials: [String]
        /// The gateway that received it, of several; 0 for a single one.
        package let owner: Int64

        package init(ticket: Int, caller: String, credentials: [String], owner: Int64 = 0) {
            self.ticket = ticket
            self.caller = caller
            self.credentials = credentials
            self.owner = owner
        }
    }

    /// What becomes of a request that asks for a turn.
    package enum Verdict: Sendable, Equatable {
        case leave(credential: String)
        case wait
        case refuse(retryAfter: Duration)
    }

    struct Entry: Sendable {
        let request: Request
        var turn: Int
        /// When the request came; a refused one keeps it for its second attempt.
        let arrival: Duration
        var holder: Holder
        /// Since when a slot has been kept for a request of another gateway.
        var heldSince: Duration?
        /// Until when it may leave without asking, in a shared line.
        var kept: Kept?
    }

    /// A turn that is kept for a request.
    struct Kept: Sendable {
        let credential: String
        let time: Duration
    }

    enum Holder: Sendable {
        case request(deadline: Duration)
        /// A refused caller was given that time for its retry; `heldSince` is when a slot was first kept free for it.
        case claim(told: Duration, heldSince: Duration?)
    }

    /// A request that has left and has no answer yet.
    struct Departed: Sendable {
        let request: Request
        let turn: Int
        let arrival: Duration
        let credential: String
        let time: Duration
    }

    private(set) var rules: FlowRules
    var allowances: [String: Allowance] = [:]
    var paces: [String: LearntPace] = [:]
    /// The quota that all credentials share: the API's own, or the address's.
    var shared: Allowance
    var sharedPace = LearntPace()
    var places: [Entry] = []
    var departed: [Int: Departed] = [:]
    /// The turn of the request that left last.
    var round = 0
    /// The last turn in which each caller was served, as long as it is after the present one.
    var served: [String: Int] = [:]
    /// Before this time no request leaves with a credential: other gateways may still use what was shared. Not part of the
    /// stored state.
    var silentUntil = Duration.zero
    /// The moment that a state was computed for which was read.
    package internal(set) var written = Duration.zero
    /// Requests of other gateways that were overtaken in the last `advance`. Local to one gateway, and not part of the stored state.
    package internal(set) var passedBy: [Int] = []

    package init(rules: FlowRules) {
        self.rules = rules
        if case .fixed(_, let perAPI) = rules.pace { shared = Allowance(quota: perAPI) } else { shared = Allowance(quota: nil) }
    }

    /// Turns that are reserved for refused callers.
    package var claimCount: Int { places.count - waitingCount }
    package var waitingCount: Int { places.reduce(0) { $0 + ($1.isRequest ? 1 : 0) } }

    /// Whether the operation is paced.
    package var isPaced: Bool { shared.quota != nil || allowances.values.contains { $0.quota != nil } }

    // MARK: - Arriving

    /// A request wants to leave.
    /// - Parameters:
    ///   - start: since when it has been waiting, if it waited somewhere else before: that counts.
    ///   - hasRoom: whether one more may wait; where not, nil comes back instead of `.wait`.
    package mutating func arrive(_ request: Request, since start: Duration? = nil, at now: Duration, hasRoom: Bool) -> Verdict? {
        let arrival = min(start ?? now, now)
        // In a shared line, a state may have been stored whose answer was lost, and the same change is applied to it again. A second place would
        // be a second turn, and giving that one back would give back both.
        switch standing(of: request.ticket) {
        case .waiting: return .wait
        case .departed(let credential, _): return .leave(credential: credential)
        case nil: break
        }
        pass(to: now)
        prepare(request.credentials)
        _ = keepSlots(at: now)
        // No request waits and a slot is free: the usual case.
        if places.isEmpty, let credential = freeCredential(for: request, at: now) {
            return depart(request, turn(of: request), arrival, credential, at: now, now: now)
        }
        var turn = turn(of: request)
        if let index = places.firstIndex(where: { !$0.isRequest && $0.request.isAlike(request) }) {
            turn = places[index].turn
            places.remove(at: index)
        }
        return admit(request, turn: turn, arrival: arrival, at: now, hasRoom: hasRoom)
    }

    /// Lets a request leave, wait or come again, depending on when its turn would come.
    private mutating func admit(_ request: Request, turn: Int, arrival: Duration, at now: Duration, hasRoom: Bool) -> Verdict? {
        let deadline = arrival + rules.longestWait
        let (index, time) = position(for: request, turn: turn, deadline: deadline, at: now)
        if time <= now, let credential = freeCredential(for: request, at: now) {
            return depart(request, turn, arrival, credential, at: now, now: now)
        }
        guard time <= deadline, isWithinShare(request) else {
            // A caller beyond its share is told to come back when `longestWait` would have been over.
            return refuse(request, turn: turn, arrival: arrival, index: index, time: max(time, deadline + .seconds(1)), at: now)
        }
        guard hasRoom else { return nil }
        places.insert(Entry(request: request, turn: turn, arrival: arrival, holder: .request(deadline: deadline)), at: index)
        return .wait
    }

    /// Whether a caller may be promised one more turn: within `longestWait` no more than its share of them. An earlier promise takes precedence
    /// over a newcomer's turn: without this limit and with a long wait, one caller's flood would take the turns of all later callers.
    private func isWithinShare(_ request: Request) -> Bool {
        guard let quota = request.credentials.lazy.compactMap({ allowances[$0]?.quota }).first ?? shared.quota else { return true }
        var callers: Set = [request.caller]
        var own = 0
        for place in places {
            callers.insert(place.request.caller)
            if place.isRequest, place.request.caller == request.caller { own += 1 }
        }
        for (caller, turn) in served where turn >= round - 1 { callers.insert(caller) }
        let turns = rules.longestWait / quota.period * Double(quota.limit * request.credentials.count)
        // A single caller takes no other caller's turn by using a whole period's quota.
        let least = callers.count == 1 ? quota.limit * request.credentials.count : 1
        return own < max(least, Int(min(turns / Double(callers.count), 1_000_000)))
    }

    /// Reserves the caller's turn and returns its time.
    mutating func refuse(_ request: Request, turn: Int, arrival: Duration, index: Int, time: Duration, at now: Duration) -> Verdict {
        let seconds = OperationLine.retryAfter(time - now, longestWait: rules.longestWait)
        if !places.contains(where: { !$0.isRequest && $0.request.isAlike(request) }) {
            let claim = Holder.claim(told: now + seconds, heldSince: nil)
            places.insert(Entry(request: request, turn: turn, arrival: arrival, holder: claim), at: index)
        }
        return .refuse(retryAfter: seconds)
    }

    /// `Retry-After` has whole seconds only. Rounded down, the caller comes shortly before its turn and waits for it, unless waiting for
    /// that time isn't allowed.
    static func retryAfter(_ wait: Duration, longestWait: Duration) -> Duration {
        let whole = wait.components.seconds
        let isRound = wait.components.attoseconds == 0
        return .seconds(max(1, longestWait >= .seconds(1) || isRound ? whole : whole + 1))
    }

    func turn(of request: Request) -> Int {
        var last = served[request.caller] ?? 0
        for place in places where place.request.caller == request.caller { last = max(last, place.turn) }
        return max(round, last + 1)
    }

    /// The position of a newcomer, and when it leaves from there.
    func position(for request: Request, turn: Int, deadline: Duration, at now: Duration) -> (index: Int, time: Duration) {
        var index = places.firstIndex { $0.turn > turn } ?? places.endIndex
        let own = places.lastIndex { $0.isRequest && $0.request.caller == request.caller && $0.turn <= turn }
        if let own { index = max(index, own + 1) }
        let newcomer = Entry(request: request, turn: turn, arrival: now, holder: .request(deadline: deadline))
        let times = forecast(of: Array(places[..<index]) + [newcomer] + places[index...], at: now)
        // Guarantees that the newcomer would break: it is queued behind the last of them.
        let broken = places.indices.last { place in
            guard place >= index, let promised = places[place].deadline else { return false }
            return times[place + 1] > promised
        }
        guard let broken else { return (index, times[index]) }
        let behind = broken + 1
        return (behind, forecast(of: Array(places[..<behind]) + [newcomer], at: now)[behind])
    }

    // MARK: - Leaving

    /// - Parameter time: when it leaves: now, or soon.
    mutating func depart(
        _ request: Request, _ turn: Int, _ arrival: Duration, _ credential: String, at time: Duration, now: Duration
    ) -> Verdict {
        giveUpKept(request.ticket)
        allowances[credential]?.take(request.ticket, at: time, now: now)
        shared.take(request.ticket, at: time, now: now)
        departed[request.ticket] = Departed(request: request, turn: turn, arrival: arrival, credential: credential, time: time)
        round = max(round, turn)
        served[request.caller] = max(served[request.caller] ?? 0, turn)
        if served.count > OperationLine.servedBound { served = served.filter { $0.value >= round } }
        return .leave(credential: credential)
    }

    /// Callers are few; at this number of entries, past ones are removed.
    private static let servedBound = 256

    /// The credential with the most room, if one may leave now.
    func freeCredential(for request: Request, at now: Duration, kept: [String: Int] = [:], keptInAll: Int = 0) -> String? {
        if let room = shared.room(at: now, for: request.ticket), room <= keptInAll { return nil }
        var best: (name: String, room: Int)?
        let names = request.credentials
        for offset in names.indices {
            // Begins with another one each time, so that equal ones share the load.
            // Bounded: twice as many as there are credentials; a ticket of a stored state may be any number.
            let name = names[(offset + request.ticket % names.count) % names.count]
            let room = (allowances[name]?.room(at: now, for: request.ticket) ?? Int.max) - (kept[name] ?? 0)
            if room > 0, room > best?.room ?? 0 { best = (name, room) }
        }
        return best?.name
    }

    /// A caller closed its connection. A slot that it got at the same moment is released.
    package mutating func withdraw(_ ticket: Int) {
        ended(ticket, hasLeft: false)
        giveUpKept(ticket)
        places.removeAll { $0.isRequest && $0.request.ticket == ticket }
    }

    /// The configuration was replaced. The learnt pace and the waiting requests are kept.
    package mutating func adopt(_ rules: FlowRules) {
        guard rules != self.rules else { return }
        self.rules = rules
        holdToRules()
    }

    /// Replaces the quotas of a line that was stored by another gateway, or under another configuration, by those in force here.
    mutating func holdToRules() {
        for name in allowances.keys {
            let quota = quotaInForce(for: name)
            if allowances[name]?.quota != quota { allowances[name]?.set(quota) }
        }
        let quota = sharedQuotaInForce
        if shared.quota != quota { shared.set(quota) }
    }

    mutating func prepare(_ credentials: [String]) {
        for name in credentials where allowances[name] == nil {
            var allowance = Allowance(quota: quotaInForce(for: name))
            allowance.hold(until: silentUntil)
            allowances[name] = allowance
        }
    }

    /// The quota of one credential: the configured one, the learnt one, or both.
    func quotaInForce(for credential: String) -> Quota? {
        switch rules.pace {
        case .off: nil
        case .adaptive: paces[credential]?.quota
        case .fixed(let perOperation, _): perOperation.keeping(paces[credential]?.quota)
        }
    }

    /// The common quota of all credentials.
    var sharedQuotaInForce: Quota? {
        switch rules.pace {
        case .off: nil
        case .adaptive: sharedPace.quota
        case .fixed(_, let perAPI): perAPI.keeping(sharedPace.quota)
        }
    }

    /// A caller had that many uncounted turns. Its places move behind those of callers who had fewer.
    mutating func credit(_ caller: String, with turns: Int) {
        served[caller] = max(served[caller] ?? round, round) + turns
        for index in places.indices where places[index].request.caller == caller { places[index].turn += turns }
        // Equal turns keep their order.
        let order = places.indices.sorted { (places[$0].turn, $0) < (places[$1].turn, $1) }
        places = order.map { places[$0] }
    }
}

extension OperationLine.Request {
    /// Whether both are from the same caller, for the same credentials.
    func isAlike(_ other: Self) -> Bool { caller == other.caller && credentials == other.credentials }
}

extension OperationLine.Entry {
    var isRequest: Bool { if case .request = holder { true } else { false } }
    var deadline: Duration? { if case .request(let deadline) = holder { deadline } else { nil } }
}
