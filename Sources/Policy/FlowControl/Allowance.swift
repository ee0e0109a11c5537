/// One quota of the upstream, as the gateway accounts for it: which calls may still count there, and when the next one may be sent.
///
/// Invariants:
/// 1. At most `limit` calls are counted at a time, and each counts until `period` has passed since the latest moment at which it can have
///    reached the upstream. That moment is its answer, or `Quota.transit` after it left. So the upstream never sees more than `limit` in
///    any span of `period`, however much transit times vary: this holds for a sliding window, a fixed one and a token bucket of that
///    size.
/// 2. Without a quota nothing is counted and nothing delayed.
struct Allowance: Sendable {
    /// A call that may still count at the upstream.
    struct Use {
        let ticket: Int
        let departure: Duration
        /// The latest moment at which it can have arrived, once its answer has come.
        var arrival: Duration?
    }

    private(set) var quota: Quota?
    var uses: [Use] = []
    /// Turns that are kept for requests of a shared line, see `Allowance+Kept.swift`.
    var kept: [KeptTurn] = []
    /// After a 429: nothing is sent before this time.
    var notBefore = Duration.zero
    /// How long answers take, smoothed; for forecasts only.
    var typicalTransit = Duration.zero

    init(quota: Quota?) { self.quota = quota }

    // MARK: - Queries

    /// Calls that left by that moment and may still count.
    func counting(at now: Duration) -> Int {
        guard let quota else { return 0 }
        return uses.count { $0.departure <= now && Allowance.end($0, quota) > now }
    }

    /// Calls that may count at that moment, including those that will leave soon.
    func count(at now: Duration) -> Int {
        guard let quota else { return 0 }
        return uses.count { Allowance.end($0, quota) > now }
    }

    /// How many more may leave at that moment; nil without a limit.
    /// - Parameter ticket: of the request that asks: its own kept turn is not counted.
    func room(at now: Duration, for ticket: Int = Allowance.unticketed) -> Int? {
        guard let quota else { return nil }
        guard notBefore <= now else { return 0 }
        return max(0, quota.limit - (kept.isEmpty ? count(at: now) : most(from: now, without: ticket, quota)))
    }

    /// When the next call may leave, as far as known now.
    /// - Parameter others: the number of calls that leave before it; the result is nil if these are as many
    ///   as may.
    func nextFree(at now: Duration, for ticket: Int = Allowance.unticketed, behind others: Int) -> Duration? {
        guard let quota else { return now }
        let limit = quota.limit - others
        guard limit > 0 else { return nil }
        guard kept.isEmpty else { return firstFree(from: now, for: quota.span, without: ticket, quota, limit: limit) }
        let ends = uses.lazy.map { Allowance.end($0, quota) }.filter { $0 > now }.sorted()
        let free = ends.count < limit ? now : ends[ends.count - limit]
        return max(free, notBefore, now)
    }

    func nextFree(at now: Duration, for ticket: Int = Allowance.unticketed) -> Duration { nextFree(at: now, for: ticket, behind: 0) ?? now }

    func forecast(at now: Duration) -> AllowanceForecast {
        guard let quota else { return AllowanceForecast() }
        let typical = min(typicalTransit, quota.transit)
        let ends = uses.map { use in (use.arrival ?? use.departure + typical) + quota.period + quota.margin }.filter { $0 > now }.sorted()
        return AllowanceForecast(limit: quota.limit, cost: typical + quota.period + quota.margin, notBefore: notBefore, ends: ends)
    }

    /// The same, if all answers take as long as possible: until then their calls count.
    func forecastUnheard(at now: Duration) -> AllowanceForecast {
        guard let quota else { return AllowanceForecast() }
        let ends = uses.map { Allowance.end($0, quota) }.filter { $0 > now }.sorted()
        return AllowanceForecast(limit: quota.limit, cost: quota.span, notBefore: notBefore, ends: ends)
    }

    static func end(_ use: Use, _ quota: Quota) -> Duration {
        min(use.arrival ?? use.departure + quota.transit, use.departure + quota.transit) + quota.period + quota.margin
    }

    // MARK: - Counting

    /// - Parameter departure: now, or a moment that is near.
    mutating func take(_ ticket: Int, at departure: Duration, now: Duration) {
        guard let quota else { return }
        forgetEnded(at: now, quota)
        uses.append(Use(ticket: ticket, departure: departure))
    }

    /// Calls that ended a moment ago are kept: of several gateways, one may change a line for a moment that lies before that of another gateway's
    /// change.
    private mutating func forgetEnded(at now: Duration, _ quota: Quota) { uses.removeAll { Allowance.end($0, quota) + quota.transit <= now } }

    /// The upstream has answered, so the call arrived before now.
    mutating func arrived(_ ticket: Int, by now: Duration) {
        guard let index = uses.lastIndex(where: { $0.ticket == ticket }), uses[index].arrival == nil else { return }
        let arrival = max(now, uses[index].departure)
        uses[index].arrival = arrival
        let taken = arrival - uses[index].departure
        typicalTransit = typicalTransit == .zero ? taken : (typicalTransit * 7 + taken) / 8
    }

    /// The call never left, or was refused without being executed.
    mutating func giveBack(_ ticket: Int) {
        uses.removeAll { $0.ticket == ticket }
    }

    /// The same, for one that was counted by `remember`.
    mutating func giveBack(departedAt time: Duration) {
        guard let index = uses.firstIndex(where: { $0.ticket == Allowance.unticketed && $0.departure == time }) else { return }
        uses.remove(at: index)
    }

    // MARK: - Changing

    /// Sets another quota; nil removes it.
    mutating func set(_ quota: Quota?) {
        self.quota = quota
        if quota == nil {
            uses.removeAll()
            kept.removeAll()
            notBefore = .zero
        }
    }

    /// Counts calls that left while nothing was counted.
    mutating func remember(_ departures: [Duration]) {
        guard let quota else { return }
        // Older ones than fit don't change the result. Half of what a stored line may have is left to calls that are sent.
        let room = min(quota.limit * 4, max(0, Self.mostUses / 2 - uses.count))
        for departure in departures.suffix(room) { uses.append(Use(ticket: Allowance.unticketed, departure: departure)) }
        uses.sort { $0.departure < $1.departure }
    }

    /// The same, in place of those that were counted like that before: a line that is read again still has them.
    mutating func replaceRemembered(by departures: [Duration]) {
        uses.removeAll { $0.ticket == Allowance.unticketed }
        remember(departures)
    }

    /// Counts calls that may have left meanwhile, each of them at the last moment: as many as the quota allows in that time, and the first calls
    /// of some gateways.
    /// - Parameter start: what was assumed since then was so for the same time, by gateways that came back before.
    mutating func assumeUse(during span: Duration, since start: Duration, at now: Duration) {
        guard let quota else { return }
        let latest = uses.lazy.filter { $0.ticket == Allowance.unticketed && $0.departure >= start }.map(\.departure).max() ?? now
        uses.removeAll { $0.ticket == Allowance.unticketed && $0.departure >= start }
        let steady = min(span / quota.period, 1) * Double(quota.limit)
        let count = min(quota.limit, Int(steady) + Allowance.firstCalls, Self.mostUses / 2)
        remember(Array(repeating: max(now, latest), count: count))
    }

    /// The most calls that a stored line may have. A quota that was read or learnt may be for millions.
    static let mostUses = 100_000

    /// One for each gateway, for the assumed size of a fleet.
    private static let firstCalls = 20

    /// The ticket of a call that left before its operation was paced.
    static let unticketed = -1

    mutating func hold(until time: Duration) { notBefore = max(notBefore, time) }
}

/// Forecasts when calls will leave, if each takes its turn: an `Allowance` simulated forward in time.
struct AllowanceForecast {
    /// No limit while nil.
    private var limit: Int?
    private var cost = Duration.zero
    private var notBefore = Duration.zero
    private var ends: [Duration] = []

    init() {}

    init(limit: Int, cost: Duration, notBefore: Duration, ends: [Duration]) {
        self.limit = limit
        self.cost = cost
        self.notBefore = notBefore
        self.ends = ends
    }

    func nextFree(from now: Duration) -> Duration {
        guard let limit else { return now }
        return max(now, notBefore, ends.count < limit ? now : ends[ends.count - limit])
    }

    mutating func take(at time: Duration) {
        guard limit != nil else { return }
        let end = time + cost
        // Nearly always the last; a call without an answer may count a little longer.
        var place = ends.endIndex
        while place > ends.startIndex, ends[place - 1] > end { place -= 1 }
        ends.insert(end, at: place)
    }
}
