/// The right to make one upstream request, minted by `Authorizer` and consumed by whoever injects the credential.
///
/// It can't be copied: a second request on the same permit does not compile.
package struct Permit: ~Copyable, Sendable {
    /// The rule that allowed it, as the record names it.
    package let rule: String
    /// Position of the project whose credential may be used.
    package let project: Int

    init(rule: String, project: Int) {
        self.rule = rule
        self.project = project
    }
}
