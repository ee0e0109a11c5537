/// The place in a request of a secret that must never be recorded.
package struct SecretRequestField: Sendable, Hashable {
    /// The part of the request that has it.
    package enum Location: Sendable, CaseIterable {
        case header
        case query
        case body
    }

    package let place: Location
    /// A header's or query parameter's name; in a JSON body the names of nested fields, joined by dots.
    package let name: String
}
