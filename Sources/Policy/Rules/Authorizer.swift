package import Catalogue

/// The policy: first match wins, no match is a refusal. Pure: no clock, no I/O, no secrets, so that `explain` and the
/// request path can't disagree.
package struct Authorizer: Sendable {
    private let rules: [Rule]

    package init(rules: [Rule]) {
        self.rules = rules
    }

    /// The right to make exactly one upstream request.
    package func authorize(
        _ caller: Caller, operation: Operation, project: Int
    ) throws(Denial) -> Permit {
        for rule in rules where rule.matches(caller: caller.index, operation: operation, project: project) {
            switch rule.action {
            case .allow:
                return Permit(rule: rule.name, project: project)
            case .deny:
                throw .policy(operation: operation.name, caller: caller.name, rule: rule.name)
            }
        }
        throw .policy(operation: operation.name, caller: caller.name, rule: Authorizer.defaultRule)
    }

    /// What a record names when no rule matched.
    package static let defaultRule = "default-deny"
}
