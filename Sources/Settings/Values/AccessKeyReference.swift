/// An access key id, which names a key and is no secret, or where to read it.
package enum AccessKeyReference: Sendable, Hashable {
    case literal(String)
    case reference(SecretReference)
}

extension AccessKeyReference: CustomStringConvertible {
    /// Shows at most the last four characters of a literal, and none if it has a secret key's length (40), in case the two values were swapped.
    package var description: String {
        switch self {
        case .literal(let text): (16...32).contains(text.count) ? "<access key ending in \(text.suffix(4))>" : "<access key>"
        case .reference(let reference): reference.description
        }
    }
}
