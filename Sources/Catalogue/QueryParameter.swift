/// A query parameter of an operation.
package struct QueryParameter: Sendable, Hashable {
    package let name: String
    /// Whether the name may be repeated; HSS accepts arrays as repeated names.
    package let repeats: Bool
}
