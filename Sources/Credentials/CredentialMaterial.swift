/// What a credential comes down to, however it was obtained.
package enum CredentialMaterial: Sendable {
    case signingKey(SigningKey)
    case token(Secret)

    /// The end of the access key id, for records; nil for a token.
    package var accessKeyTail: String? {
        switch self {
        case .signingKey(let key): AccessKeyTail.of(key.accessKeyID)
        case .token: nil
        }
    }
}
