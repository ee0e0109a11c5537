/// The keys or the token of a credential, from any source.
package enum CredentialMaterial: Sendable {
    case signingKey(SigningKey)
    case token(Secret)

    /// The end of the access key id, for records; nil for a token.
    package var accessKeyTail: String? {
        switch self {
        case .signingKey(let key): key.accessKeyTail
        case .token: nil
        }
    }

    var signingKey: SigningKey? { if case .signingKey(let key) = self { key } else { nil } }

    /// Identifies a token among all those in use; nil for keys.
    var mark: UInt? {
        switch self {
        case .signingKey: nil
        case .token(let token): UInt(bitPattern: ObjectIdentifier(token))
        }
    }

    /// Whether both come from the same fetch or read. Contents are not compared.
    func isSame(as other: CredentialMaterial) -> Bool {
        switch (self, other) {
        case (.signingKey(let one), .signingKey(let another)): one === another
        case (.token(let one), .token(let another)): one === another
        default: false
        }
    }
}
