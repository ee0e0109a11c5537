/// A query parameter of an operation.
package struct QueryParameter: Sendable, Hashable {
    package let name: String
    /// Whether the name may come more than once; HSS takes arrays as repeated names.
    package let repeats: Bool
}
