/// So many calls in a span of time.
package struct Quota: Sendable, Hashable {
    package let limit: Int
    package let period: Duration

    package init(limit: Int, period: Duration) {
        precondition(limit > 0 && period > .zero, "a quota lets something through")
        self.limit = limit
        self.period = period
    }

    /// What HSS documents for one user and one API.
    package static let documented = Quota(limit: 5, period: .seconds(60))

    /// The same calls, one after the other.
    var spread: Quota { Quota(limit: 1, period: period / limit) }

    /// A pace that keeps both quotas, whatever spans they are for.
    package func keeping(_ other: Quota?) -> Quota {
        guard let other, other != self else { return self }
        let (short, long) = period <= other.period ? (self, other) : (other, self)
        // With no more calls in the longer span than the shorter one allows, both are kept.
        if long.limit <= short.limit { return long }
        // So many of the shorter spans lie, in whole or in part, in one of the longer.
        let (span, whole) = (max(1, short.period.wholeMilliseconds), long.period.wholeMilliseconds)
        let share = long.limit / max(1, whole / span + (whole % span == 0 ? 0 : 1))
        if short.limit <= share { return short }
        return share > 0 ? Quota(limit: share, period: short.period) : Quota(limit: 1, period: long.period / long.limit)
    }

    /// How long a request may take to the upstream at most; assumed until its answer comes. However short the period, a request needs some time, and
    /// so does a turn on its way through a database.
    var transit: Duration { max(period / 50, min(.milliseconds(100), period / 10)) }

    /// How long a call counts whose answer doesn't come.
    var span: Duration { transit + period + margin }

    /// For an upstream whose clock runs up to a thousandth faster, and for the edge of its window.
    var margin: Duration { period / 1_000 + .milliseconds(2) }
}

/// How the gateway keeps within the upstream's quota.
package struct FlowRules: Sendable, Hashable {
    /// Where the pace comes from.
    package enum Pace: Sendable, Hashable {
        /// Nothing is held back, and an upstream's 429 reaches the caller.
        case off
        /// Nothing is held back until the upstream says 429; then at the pace it states, or the documented one.
        case adaptive
        /// At the pace that the operator wrote down, from the first call.
        case fixed(perOperation: Quota, perAPI: Quota)
    }

    package var pace: Pace
    /// The same for one of several gateways that know nothing of each other: its part of the calls of a written pace, rounded down, so that all
    /// of them together never make one too many. Where there are more gateways than calls, each makes one call in so many periods as it takes.
    package func part(of gateways: Int) -> FlowRules {
        guard case .fixed(let operation, let api) = pace, gateways > 1 else { return self }
        func part(_ quota: Quota) -> Quota {
            let calls = quota.limit / gateways
            return calls > 0 ? Quota(limit: calls, period: quota.period) : Quota(limit: 1, period: quota.period * gateways / quota.limit)
        }
        return FlowRules(pace: .fixed(perOperation: part(operation), perAPI: part(api)), longestWait: longestWait, queue: queue)
    }

    /// How long a request may wait for its turn.
    package var longestWait: Duration
    /// How many requests may wait in all.
    package var queue: Int

    package init(pace: Pace, longestWait: Duration = .seconds(30), queue: Int = 1_000) {
        self.pace = pace
        self.longestWait = longestWait
        self.queue = queue
    }
}

extension Duration {
    /// Saturating, since rates come from outside.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        return whole.overflow ? Int.max : Int(whole.partialValue) + Int(attoseconds / 1_000_000_000_000_000)
    }
}
