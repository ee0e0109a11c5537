/// The rule that let a request through.
package struct PassingRule: Sendable, Hashable {
    /// As the record names it.
    package let name: String
    /// Whether it would have refused: a rule on trial, `action: log`.
    package let isOnTrial: Bool

    init(_ rule: Rule) {
        name = rule.name
        isOnTrial = rule.action == .log
    }
}

/// The right to make one upstream request, minted by `Authorizer` and consumed by whoever injects the credential.
///
/// It can't be copied: a second request on the same permit does not compile.
package struct Permit: ~Copyable, Sendable {
    package let rule: PassingRule
    /// Position of the project whose credential may be used.
    package let project: Int

    init(rule: PassingRule, project: Int) {
        self.rule = rule
        self.project = project
    }
}
