/// The listener for health, metrics, the audit API and the console.
package struct AdminSettings: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable, CaseIterable {
        /// Reads.
        case auditor
        /// Reads, reloads and changes.
        case `operator`
    }

    /// A bearer token with a name, by which records call its bearer.
    package struct Token: Sendable, Hashable {
        package let name: String
        package let role: Role
        package let token: SecretReference
    }

    package let address: ListenAddress
    /// The bearer token of an operator without a name of his own.
    package let token: SecretReference?
    package let tokens: [Token]
    package let tls: ListenerSettings.TLS?

    /// How records call the bearer of `token`.
    package static let operatorName = "operator"

    /// Whether a request must bring something: a token, or a client certificate.
    package var asksWhoItIs: Bool { token != nil || !tokens.isEmpty || tls?.clientAuthorityFile != nil }
}
