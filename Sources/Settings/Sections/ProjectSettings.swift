/// One HSS project and how to act in it.
package struct ProjectSettings: Sendable, Hashable {
    package let name: String
    /// Nil means: ask IAM for the project of the region.
    package let identifier: String?
    package let region: String
    /// The name of the credential that acts here.
    package let credential: String
    /// Injected where an operation takes one and the caller sent none.
    package let enterpriseProject: String
}
