import Catalogue

/// The policy: first match wins, no match is a refusal. Pure: no clock, no I/O, no secrets, so that `explain` and the
/// request path can't disagree.
package struct Authorizer: Sendable {
    private let table: RuleTable

    package init(rules: [Rule]) {
        table = RuleTable(rules)
    }

    /// Checks whether a request can be allowed at all before its body is known, so that a refusal is sent before the upload.
    /// - Returns: the rule that will allow it if the body names no other enterprise project.
    @discardableResult
    package func foresee(_ caller: Caller, _ access: Access) throws(Denial) -> Permit.PassingRule {
        let rule = try allowing(caller, access)
        if case .named(let value) = access.enterpriseProject { try check(value, of: caller) }
        return Permit.PassingRule(table.rules[rule])
    }

    /// The right to make exactly one upstream request.
    package func authorize(_ caller: Caller, _ access: Access) throws(Denial) -> Permit {
        let rule = try allowing(caller, access)
        if case .named(let value) = access.enterpriseProject { try check(value, of: caller) }
        return Permit(rule: Permit.PassingRule(table.rules[rule]))
    }

    /// The position of the rule that allows it.
    private func allowing(_ caller: Caller, _ access: Access) throws(Denial) -> Int {
        let rule = table.first(for: caller.index, access)
        if let rule, table.rules[rule].action.letsThrough { return rule }
        // If the rules would allow it for the caller's own task, the refusal says so.
        if access.task == .others || access.task == .unclaimed {
            var own = access
            own.task = .own
            if let passed = table.first(for: caller.index, own), table.rules[passed].action.letsThrough {
                throw .task(
                    operation: access.operation.name, caller: caller.name, rule: table.rules[passed].name, isOthers: access.task == .others)
            }
        }
        throw .policy(operation: access.operation.name, caller: caller.name, rule: rule.map { table.rules[$0].name } ?? Authorizer.defaultRule)
    }

    private func check(_ value: String, of caller: Caller) throws(Denial) {
        guard caller.enterpriseProjects.allows(value) else { throw .enterpriseProject(value, caller: caller.name) }
    }

    /// The name in the record when no rule matched.
    package static let defaultRule = "default-deny"
}
