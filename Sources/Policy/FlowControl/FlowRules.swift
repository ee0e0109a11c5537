/// The rules for keeping within the upstream's quota.
package struct FlowRules: Sendable, Hashable {
    /// The source of the pace.
    package enum Pace: Sendable, Hashable {
        /// Nothing is delayed, and an upstream's 429 reaches the caller.
        case off
        /// Nothing is delayed until the upstream answers 429; then the pace is the stated one, or the
        /// documented one.
        case adaptive
        /// The pace that the operator configured, from the first call on.
        case fixed(perOperation: Quota, perAPI: Quota)
    }

    package var pace: Pace
    /// The same for one of several gateways that don't communicate: its part of a configured pace, rounded down, so that all of them together
    /// never exceed it. If there are more gateways than calls, each makes one call in several periods.
    package func part(of gateways: Int) -> FlowRules {
        guard case .fixed(let operation, let api) = pace, gateways > 1 else { return self }
        func part(_ quota: Quota) -> Quota {
            let calls = quota.limit / gateways
            return calls > 0 ? Quota(limit: calls, period: quota.period) : Quota(limit: 1, period: quota.period * gateways / quota.limit)
        }
        return FlowRules(pace: .fixed(perOperation: part(operation), perAPI: part(api)), longestWait: longestWait, queue: queue)
    }

    /// How long a call without an answer counts at most, with a configured pace: for its credential and operation, and in total.
    package var operationSpan: Duration { if case .fixed(let operation, _) = pace { operation.span } else { .zero } }
    var longestSpan: Duration { if case .fixed(let operation, let api) = pace { max(operation.span, api.span) } else { .zero } }

    /// How long a request may wait for its turn.
    package var longestWait: Duration
    /// In a line that several gateways share: how much later than promised a turn may come. A request that would wait longer is refused by its
    /// gateway. A promise assumes that answers take as long as usual, and that the database answers.
    package static let tolerance = Duration.seconds(2)
    /// How many requests may wait in total.
    package var queue: Int

    package init(pace: Pace, longestWait: Duration = .seconds(30), queue: Int = 1_000) {
        self.pace = pace
        self.longestWait = longestWait
        self.queue = queue
    }
}
