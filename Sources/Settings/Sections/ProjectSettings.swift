/// One HSS project and how to act in it.
package struct ProjectSettings: Sendable, Hashable {
    package let name: String
    /// Nil means: ask IAM for the project of the region.
    package let identifier: String?
    package let region: String
    /// The name of the credential that acts here; the first of `credentials`.
    package var credential: String { credentials.first ?? "" }
    /// The names of all credentials that may act here; they share the load.
    package let credentials: [String]
    /// Injected if an operation takes one and the caller sent none.
    package let enterpriseProject: String
    /// Values of the `region` header that callers may send beside the project's own region.
    package let otherRegions: [String]
}
