/// What a credential comes down to, however it was obtained.
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

    /// Something that tells a token from every other one in use; nil for keys.
    var mark: UInt? {
        switch self {
        case .signingKey: nil
        case .token(let token): UInt(bitPattern: ObjectIdentifier(token))
        }
    }

    /// Whether both came from the same fetch or reading. Contents are not compared.
    func isSame(as other: CredentialMaterial) -> Bool {
        switch (self, other) {
        case (.signingKey(let one), .signingKey(let another)): one === another
        case (.token(let one), .token(let another)): one === another
        default: false
        }
    }
}
