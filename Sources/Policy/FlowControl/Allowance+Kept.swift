/// Turns that are reserved for waiting requests of a line that several gateways share, so that each of them may leave while the line's database is
/// unreachable. A reserved ("kept") turn is part of the stored state; only the gateway of its request uses it, moves it or gives it up.
///
/// Invariant: at no moment do more calls count than the quota allows, even when every kept turn is used without the others knowing. So a call that
/// leaves while turns are kept must have room at each moment until it counts no more.
extension Allowance {
    struct KeptTurn: Sendable {
        let ticket: Int
        /// From then on it may be used: for `Quota.transit / 2`, like any granted turn.
        let time: Duration
        /// Whether its gateway uses it for longer, see `OperationLine.usesTurnsForLonger`.
        var isLong = false
    }

    /// The first moment from `start` on at which a turn can be kept.
    func firstKeepable(from start: Duration, isLong: Bool) -> Duration {
        guard let quota else { return start }
        let span = isLong ? quota.span + quota.transit : quota.span
        return firstFree(from: start, for: span, without: Allowance.unticketed, quota, limit: quota.limit)
    }

    mutating func keep(_ turn: KeptTurn) {
        guard quota != nil else { return }
        kept.append(turn)
    }

    mutating func areLong(without short: Set<Int>) { for index in kept.indices { kept[index].isLong = !short.contains(kept[index].ticket) } }

    mutating func giveUp(_ ticket: Int) { kept.removeAll { $0.ticket == ticket } }

    /// Removes turns that don't count any more.
    mutating func forgetKept(at now: Duration) {
        guard let quota, !kept.isEmpty else { return }
        kept.removeAll { Allowance.end($0, quota) + quota.transit <= now }
    }

    /// The clock stepped back: calls that left by the old clock would count for longer, by the size of the step. They count as if they had left
    /// now; kept turns by the old clock are over.
    mutating func stepBack(to now: Duration) {
        for index in uses.indices where uses[index].departure > now + .seconds(1) { uses[index] = Use(ticket: uses[index].ticket, departure: now) }
        kept.removeAll { $0.time > now + .seconds(60) }
        // No pause is longer than a period; a line is held for at most two seconds after its database was
        // unreachable.
        if let quota { notBefore = min(notBefore, now + quota.span + .seconds(2)) }
    }

    /// When the counted calls left or, for kept turns, may leave at the latest.
    var departures: [Duration] {
        guard let quota else { return [] }
        return uses.map(\.departure) + kept.map { $0.time + ($0.isLong ? quota.transit * 2 : quota.transit) }
    }

    /// The largest number of calls that count at any moment until one that leaves now doesn't count any more.
    func most(from now: Duration, without ticket: Int, _ quota: Quota) -> Int {
        // The usual cases need no forecast: there is room for all, or for none.
        let all = uses.count + kept.count
        guard all >= quota.limit else { return all }
        let open = kept.count { $0.ticket != ticket && $0.time <= now && Allowance.end($0, quota) > now }
        let present = open + uses.count { Allowance.end($0, quota) > now }
        guard present < quota.limit else { return present }
        let end = now + quota.span
        return steps(from: now, without: ticket, quota).lazy.prefix { $0.start < end }.map(\.count).max() ?? 0
    }

    /// The first moment from `start` on from which there is room for one more call during the whole span.
    func firstFree(from start: Duration, for span: Duration, without ticket: Int, _ quota: Quota, limit: Int) -> Duration {
        var moment = max(start, notBefore)
        guard uses.count + kept.count >= limit else { return moment }
        let steps = steps(from: start, without: ticket, quota)
        for index in steps.indices {
            let step = steps[index]
            if step.start >= moment + span { break }
            // The last step contains no calls, so a full one always has an end.
            guard step.count >= limit, index + 1 < steps.count else { continue }
            moment = max(moment, steps[index + 1].start)
        }
        return moment
    }

    /// The number of calls that count, as a step function of time; the first step begins at `start`.
    private func steps(from start: Duration, without ticket: Int, _ quota: Quota) -> [(start: Duration, count: Int)] {
        var changes: [(time: Duration, by: Int)] = []
        var count = 0
        for use in uses {
            let end = Allowance.end(use, quota)
            guard end > start else { continue }
            count += 1
            changes.append((end, -1))
        }
        for turn in kept where turn.ticket != ticket {
            let end = Allowance.end(turn, quota)
            guard end > start else { continue }
            if turn.time <= start { count += 1 } else { changes.append((turn.time, 1)) }
            changes.append((end, -1))
        }
        // At the same moment ends come first.
        changes.sort { ($0.time, $0.by) < ($1.time, $1.by) }
        var steps = [(start: start, count: count)]
        for change in changes {
            count += change.by
            if steps[steps.count - 1].start == change.time { steps[steps.count - 1].count = count } else { steps.append((change.time, count)) }
        }
        return steps
    }

    /// A call that leaves within its turn's lifetime arrives no later than one that left when the turn began and had
    /// the longest transit.
    private static func end(_ turn: KeptTurn, _ quota: Quota) -> Duration { turn.time + (turn.isLong ? quota.span + quota.transit : quota.span) }
}
