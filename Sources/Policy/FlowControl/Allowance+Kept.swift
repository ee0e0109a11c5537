/// Turns that are kept for waiting requests of a line that several gateways share, so that each of them may leave while the line's database can't be
/// asked. A kept turn stands in the stored state; nobody but its request's own gateway uses it, moves it or gives it up.
///
/// Invariant: at no moment do more calls count than the quota allows, even when every kept turn is used and nobody hears of it. So whoever leaves
/// while turns are kept must have room at each moment until its own call counts no more.
extension Allowance {
    struct KeptTurn: Sendable {
        let ticket: Int
        /// From when on it may be used: for `Quota.transit / 2`, as any turn that was granted.
        let time: Duration
        /// Whether its gateway uses it for longer, see `OperationLine.usesTurnsForLonger`.
        var isLong = false
    }

    /// The first moment from `start` on that has room for a turn that is kept.
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

    /// Forgets turns that count no more.
    mutating func forgetKept(at now: Duration) {
        guard let quota, !kept.isEmpty else { return }
        kept.removeAll { Allowance.end($0, quota) + quota.transit <= now }
    }

    /// The clock stepped back: what left by the old one would count for as much longer as that was. It counts as if it had left now; kept turns by
    /// the old clock are over.
    mutating func stepBack(to now: Duration) {
        for index in uses.indices where uses[index].departure > now + .seconds(1) { uses[index] = Use(ticket: uses[index].ticket, departure: now) }
        kept.removeAll { $0.time > now + .seconds(60) }
        // No pause is longer than a period; two seconds are what a line is held for after its database was away.
        if let quota { notBefore = min(notBefore, now + quota.span + .seconds(2)) }
    }

    /// When what counts left or, of kept turns, may leave at the latest.
    var departures: [Duration] {
        guard let quota else { return [] }
        return uses.map(\.departure) + kept.map { $0.time + ($0.isLong ? quota.transit * 2 : quota.transit) }
    }

    /// How many calls count at most at any moment until one that leaves now counts no more.
    func most(from now: Duration, without ticket: Int, _ quota: Quota) -> Int {
        // The usual cases need no look ahead: there is room for all, or for nobody.
        let all = uses.count + kept.count
        guard all >= quota.limit else { return all }
        let open = kept.count { $0.ticket != ticket && $0.time <= now && Allowance.end($0, quota) > now }
        let present = open + uses.count { Allowance.end($0, quota) > now }
        guard present < quota.limit else { return present }
        let end = now + quota.span
        return steps(from: now, without: ticket, quota).lazy.prefix { $0.start < end }.map(\.count).max() ?? 0
    }

    /// The first moment from `start` on from which one more call has room for so long.
    func firstFree(from start: Duration, for span: Duration, without ticket: Int, _ quota: Quota, limit: Int) -> Duration {
        var moment = max(start, notBefore)
        guard uses.count + kept.count >= limit else { return moment }
        let steps = steps(from: start, without: ticket, quota)
        for index in steps.indices {
            let step = steps[index]
            if step.start >= moment + span { break }
            // The last step has nothing in it, so that a full one has an end.
            guard step.count >= limit, index + 1 < steps.count else { continue }
            moment = max(moment, steps[index + 1].start)
        }
        return moment
    }

    /// How many calls count from when on; the first step begins at `start`.
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
        // At one moment ends come first.
        changes.sort { ($0.time, $0.by) < ($1.time, $1.by) }
        var steps = [(start: start, count: count)]
        for change in changes {
            count += change.by
            if steps[steps.count - 1].start == change.time { steps[steps.count - 1].count = count } else { steps.append((change.time, count)) }
        }
        return steps
    }

    /// What leaves within its life arrives no later than a call that left when it opened and took as long as one can.
    private static func end(_ turn: KeptTurn, _ quota: Quota) -> Duration { turn.time + (turn.isLong ? quota.span + quota.transit : quota.span) }
}
