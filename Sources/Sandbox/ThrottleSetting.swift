/// Whether the documented flow control is applied.
package enum ThrottleSetting: Sendable, Equatable {
    /// A number of calls of one API in a number of seconds: by one user, from one address, and in total.
    package struct Rule: Sendable, Equatable {
        package var perUser: Int
        package var perAPI: Int
        package var seconds: Int
        /// Whether any span of that length counts, or whole ones of the sandbox's clock. It isn't documented which of them the
        /// cloud uses.
        package var isSliding = false
        package var countsRejected = false

        package init(perUser: Int, perAPI: Int = 600, seconds: Int) {
            self.perUser = perUser
            self.perAPI = perAPI
            self.seconds = seconds
        }
    }

    /// Nothing is refused.
    case off
    /// The documented limits times `scale`, at least one call each. It isn't documented whether refused calls count.
    case scaled(Double, countsRejected: Bool = false)
    /// Limits that a test defines.
    case limited(Rule)

    var rule: Rule? {
        switch self {
        case .off: return nil
        case .scaled(let scale, let countsRejected):
            let scaled = { (limit: Int) in max(1, Int((Double(limit) * scale).rounded())) }
            var rule = Rule(perUser: scaled(5), perAPI: scaled(600), seconds: 60)
            rule.countsRejected = countsRejected
            return rule
        case .limited(let rule): return rule
        }
    }
}
