/// How the pace of one allowance is learnt from the upstream's 429s, and how it recovers.
///
/// A 429 that states its quota is followed; one without numbers means the documented quota the first time, later the one
/// before the last raise, or seven tenths of it. The pace is raised by an eighth, at least by one, each time `patience` full
/// periods passed without a 429 although requests waited. Every 429 doubles the patience, so that a fixed limit is exceeded
/// less and less often. Without any 429 for an hour nothing is delayed any more.
struct LearntPace: Sendable {
    var quota: Quota?
    var lastThrottled = Duration.zero
    /// Since when there was demand and no 429.
    var calmSince = Duration.zero
    var patience = LearntPace.firstPatience
    /// The largest limit that the upstream has accepted for a while; after a failed raise the pace goes back to
    /// it.
    var proven = 0
    /// 429s in a row, for calls that left one after another.
    var streak = 0

    /// Periods without a 429 before the pace is raised.
    static let firstPatience = 10
    static let longestPatience = 160
    /// 429s in a row that are counted.
    static let longestStreak = 1_000_000
    /// After so long without a 429 the quota is dropped.
    static let memory = Duration.seconds(3_600)

    /// A 429 came for a call that left at that time.
    /// - Parameter assumed: the quota that a 429 without numbers means the first time.
    /// - Returns: how long nothing may leave; zero when this 429 belongs to a burst that was handled already.
    mutating func throttled(_ notice: QuotaNotice, assumed: Quota = .documented, departure: Duration, at now: Duration) -> Duration {
        let isNew = quota == nil || departure >= lastThrottled
        guard isNew else {
            if let stated = notice.quota { quota = stated }
            return .zero
        }
        if quota != nil {
            patience = min(LearntPace.longestPatience, patience * 2)
            streak = min(LearntPace.longestStreak, streak + 1)
        }
        if let stated = notice.quota {
            quota = stated
        } else if let present = quota {
            let limit = present.limit > proven ? proven : present.limit * 7 / 10
            quota = Quota(limit: max(1, limit), period: present.period)
        } else {
            quota = assumed
        }
        proven = quota?.limit ?? 0
        lastThrottled = now
        calmSince = now
        return quota.map { LearntPace.pause($0, streak: streak) } ?? .zero
    }

    /// One call's share of the period, doubled for each 429 in a row, and never more than the period.
    static func pause(_ quota: Quota, streak: Int) -> Duration {
        guard streak > 0 else { return .zero }
        return min(quota.period, quota.period / quota.limit * (1 << min(streak - 1, 16)))
    }

    mutating func succeeded() { streak = 0 }

    /// Applies the passing of time; returns whether the quota changed.
    /// - Parameter isWanted: whether requests wait, so that a higher pace would be used.
    mutating func pass(to now: Duration, isWanted: Bool) -> Bool {
        guard let present = quota else { return false }
        if now - lastThrottled > LearntPace.memory {
            quota = nil
            patience = LearntPace.firstPatience
            return true
        }
        guard isWanted, now - calmSince >= present.period * patience else { return false }
        calmSince = now
        proven = present.limit
        quota = Quota(limit: min(Quota.mostCalls, present.limit + max(1, present.limit / 8)), period: present.period)
        return true
    }
}
