/// A number of calls in a span of time.
package struct Quota: Sendable, Hashable {
    package let limit: Int
    package let period: Duration

    package init(limit: Int, period: Duration) {
        precondition(limit > 0 && period > .zero, "a quota lets something through")
        self.limit = limit
        self.period = period
    }

    /// What a rate limit can be: an upstream's notice and a stored line have no larger numbers.
    static let mostCalls = 10_000_000
    static let longestPeriod = Duration.seconds(86_400)

    /// The limit that HSS documents for one user and one API.
    package static let documented = Quota(limit: 5, period: .seconds(60))

    /// The same rate with calls one after the other.
    var spread: Quota { Quota(limit: 1, period: period / limit) }

    /// A pace that satisfies both quotas, whatever their spans are.
    package func keeping(_ other: Quota?) -> Quota {
        guard let other, other != self else { return self }
        let (short, long) = period <= other.period ? (self, other) : (other, self)
        // With no more calls in the longer span than the shorter one allows, both are satisfied.
        if long.limit <= short.limit { return long }
        // The number of shorter spans that lie, wholly or partly, in a longer one.
        let (span, whole) = (max(1, short.period.wholeMilliseconds), long.period.wholeMilliseconds)
        let share = long.limit / max(1, whole / span + (whole % span == 0 ? 0 : 1))
        if short.limit <= share { return short }
        return share > 0 ? Quota(limit: share, period: short.period) : Quota(limit: 1, period: long.period / long.limit)
    }

    /// How many quotas of this rate another one has room for, at least one.
    func share(of whole: Quota) -> Int {
        let share = Double(whole.limit) * (period / whole.period) / Double(limit)
        // No quota has room for more than it has calls. With a short and a long period the quotient need not fit an integer.
        guard share < Double(whole.limit) else { return whole.limit }
        return max(1, Int(share.rounded(.down)))
    }

    /// The longest transit time of a request to the upstream; assumed until its answer comes. However short the period, a request needs some time,
    /// and so does a turn that is stored in a database.
    var transit: Duration { max(period / 50, min(.milliseconds(100), period / 10)) }

    /// How long a call without an answer counts.
    var span: Duration { transit + period + margin }

    /// For an upstream whose clock runs up to a thousandth faster, and for the edge of its window.
    var margin: Duration { period / 1_000 + .milliseconds(2) }
}

extension Duration {
    /// Clamped, since rates come from outside.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        return whole.overflow ? Int.max : Int(whole.partialValue) + Int(attoseconds / 1_000_000_000_000_000)
    }
}
