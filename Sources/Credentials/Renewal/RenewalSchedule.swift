/// Decides when expiring material is renewed, and whether requests meanwhile use the old material or wait. Pure: the caller passes time and random
/// numbers.
///
/// 1. At most one attempt is under way.
/// 2. Material is used until it expires, never after. Its lifetime counts from the attempt's start, by a clock that never goes back.
/// 3. A secret that the service refused is not sent again before it was replaced, and at most `mostRefusals` are tried in `refusalPeriod`.
/// 4. After a failed attempt no request waits for the next one: requests that need material are refused at once.
/// 5. Material that HSS refused is replaced, at most once per interval, which begins with one second and grows.
struct RenewalSchedule: Sendable {
    /// Renewal begins after this part of the lifetime plus a random part of up to `spread`, so that many gateways don't renew at the same time.
    static let renewalPart = 0.70
    static let spread = 0.15
    /// Seconds between attempts after a failure; doubled up to the longest, times a random factor of 0.75 to 1.25.
    static let firstBackoff = 2.0
    static let longestBackoff = 10.0
    /// Seconds between attempts after HSS refused the material; doubled while new material is refused as well.
    static let rejectionInterval = 1.0
    static let longestRejectionInterval = 60.0
    /// A request waits for an attempt that begins within this time.
    static let worthWaiting = Duration.seconds(1.5)
    static let mostRefusals = 3
    static let refusalPeriod = Duration.seconds(900)
    /// The `Retry-After` for callers while an operator has to act.
    static let retryAfterRefusal = Duration.seconds(60)

    enum Demand: Sendable, Equatable {
        case use
        /// Wait for the attempt's end; if `begins`, the caller of `demand` starts it.
        case join(begins: Bool)
        case refuse(retryAfter: Duration)
    }

    private(set) var isFetching = false
    private(set) var failures = 0
    private var started: Duration?
    private var nextAttempt = Duration.zero
    /// From when the current material is to be renewed, and when it expires.
    private var renewal: Duration?
    private var expiry: Duration?
    private var hasMaterial = false
    private var isRejected = false
    /// The current material was fetched because HSS refused the previous one.
    private var isReplacement = false
    /// Whether changed inputs make a renewal due before its time.
    private var isWanted = false
    private var rejectionsInARow = 0
    /// The secret in use was refused.
    private(set) var isBlocked = false
    private var refusals: [Duration] = []

    /// Whether the current material is valid.
    func isValid(at uptime: Duration) -> Bool {
        guard hasMaterial else { return false }
        return expiry.map { uptime < $0 } ?? true
    }

    /// Whether an attempt is due; if so, it counts as begun.
    mutating func begins(at uptime: Duration) -> Bool {
        guard isDue(at: uptime) else { return false }
        isFetching = true
        started = uptime
        return true
    }

    private func isDue(at uptime: Duration) -> Bool {
        guard !isFetching, !isBlocked, uptime >= nextAttempt else { return false }
        if !isValid(at: uptime) { return true }
        if isRejected { return uptime >= earliestReplacement }
        if isWanted { return true }
        return renewal.map { uptime >= $0 } ?? false
    }

    /// What a request that needs material should do.
    mutating func demand(at uptime: Duration) -> Demand {
        if isValid(at: uptime), !isRejected || !isReplacedSoon(at: uptime) { return .use }
        if isBlocked { return .refuse(retryAfter: Self.retryAfterRefusal) }
        guard failures == 0 else { return .refuse(retryAfter: max(nextAttempt - uptime, .seconds(1))) }
        return .join(begins: begins(at: uptime))
    }

    /// How long until the attempt after a failed one, zero while it is under way; nil if none failed, or if no attempt is made before an operator
    /// acts.
    func retryAfter(at uptime: Duration) -> Duration? {
        guard failures > 0, !isBlocked else { return nil }
        return isFetching ? .zero : max(.zero, nextAttempt - uptime)
    }

    /// Whether a replacement for refused material is under way, or begins soon enough to wait for it.
    private func isReplacedSoon(at uptime: Duration) -> Bool {
        guard !isBlocked, failures == 0 else { return false }
        return isFetching || earliestReplacement - uptime <= Self.worthWaiting
    }

    private var earliestReplacement: Duration {
        let interval = min(Self.rejectionInterval * Double(1 << min(rejectionsInARow, 6)), Self.longestRejectionInterval)
        return max(nextAttempt, (started ?? .zero) + .seconds(interval))
    }

    /// The attempt succeeded.
    /// - Parameters:
    ///   - lifetime: from the attempt's start; nil when the material does not expire.
    ///   - chance: a random number, 0 to 1.
    mutating func succeeded(at uptime: Duration, lifetime: Duration?, chance: Double) {
        let start = started ?? uptime
        (isFetching, failures, isBlocked, isWanted, hasMaterial) = (false, 0, false, false, true)
        isReplacement = isRejected
        isRejected = false
        expiry = lifetime.map { start + $0 }
        renewal = lifetime.map { start + $0 * (Self.renewalPart + Self.spread * chance) }
    }

    /// The attempt failed.
    /// - Parameters:
    ///   - isRefusal: the service refused the secret.
    ///   - wait: the `Retry-After` of the service.
    mutating func failed(at uptime: Duration, isRefusal: Bool, wait: Duration?, chance: Double) {
        let backoff = min(Self.firstBackoff * Double(1 << min(failures, 5)), Self.longestBackoff) * (0.75 + 0.5 * chance)
        (isFetching, isRejected) = (false, false)
        failures += 1
        nextAttempt = uptime + max(.seconds(backoff), wait ?? .zero)
        isWanted = true
        guard isRefusal else { return }
        isBlocked = true
        refusals.append(uptime)
        refusals.removeAll { uptime - $0 >= Self.refusalPeriod }
    }

    /// HSS refused the current material, which had not expired.
    /// - Parameter wasAccepted: whether HSS has accepted it before. If so, it was revoked since then, and new material helps; if a replacement was
    ///   never accepted, the next one probably won't be either.
    mutating func rejected(wasAccepted: Bool) {
        guard hasMaterial, !isRejected else { return }
        isRejected = true
        rejectionsInARow = isReplacement && !wasAccepted ? rejectionsInARow + 1 : 0
    }

    /// A secret's file was replaced: the new secret may be tried, within the limit on refusals.
    mutating func inputsChanged(at uptime: Duration) {
        refusals.removeAll { uptime - $0 >= Self.refusalPeriod }
        (isBlocked, isWanted) = (false, true)
        nextAttempt = refusals.count < Self.mostRefusals ? uptime : (refusals.first ?? uptime) + Self.refusalPeriod
    }
}
