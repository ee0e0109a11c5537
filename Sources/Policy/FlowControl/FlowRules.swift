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

    /// How long a call counts at most whose answer doesn't come, at a written pace: for its credential and operation, and in all.
    package var operationSpan: Duration { if case .fixed(let operation, _) = pace { operation.span } else { .zero } }
    var longestSpan: Duration { if case .fixed(let operation, let api) = pace { max(operation.span, api.span) } else { .zero } }

    /// How long a request may wait for its turn.
    package var longestWait: Duration
    /// By how much the turn of a line that several gateways share may come later than was promised: its gateway refuses whoever waits longer. What is
    /// promised counts on answers that take as long as usual, and on a database that answers.
    package static let tolerance = Duration.seconds(2)
    /// How many requests may wait in all.
    package var queue: Int

    package init(pace: Pace, longestWait: Duration = .seconds(30), queue: Int = 1_000) {
        self.pace = pace
        self.longestWait = longestWait
        self.queue = queue
    }
}
