/// How a credential proves who we are, by its name in the configuration.
package enum CredentialType: String, Sendable {
    /// A key pair that signs each request.
    case aksk
    /// A token that is sent with each request.
    case token
}
