/// The right to send one upstream request. `Authorizer` makes it; adding the credential to the request consumes it.
///
/// It can't be copied: a second request on the same permit does not compile.
package struct Permit: ~Copyable, Sendable {
    /// The rule that allowed a request.
    package struct PassingRule: Sendable, Hashable {
        /// The name in the record.
        package let name: String
        /// Whether it is on trial (`action: log`): it would have refused the request.
        package let isOnTrial: Bool

        init(_ rule: Rule) {
            name = rule.name
            isOnTrial = rule.action == .log
        }
    }

    package let rule: PassingRule

    init(rule: PassingRule) {
        self.rule = rule
    }
}
