/// The listener for health, metrics, the audit API and the console.
package struct AdminSettings: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable, CaseIterable {
        /// May read.
        case auditor
        /// May read, reload and change.
        case `operator`
    }

    /// A bearer token with a name, which identifies its owner in records.
    package struct Token: Sendable, Hashable {
        package let name: String
        package let role: Role
        package let token: SecretReference
    }

    package let address: ListenAddress
    /// The bearer token of the unnamed operator.
    package let token: SecretReference?
    package let tokens: [Token]
    package let tls: ListenerSettings.TLS?

    /// The name in records for the owner of `token`.
    package static let operatorName = "operator"

    /// Whether a request must be authenticated, by a token or a client certificate.
    package var asksWhoItIs: Bool { token != nil || !tokens.isEmpty || tls?.clientAuthorityFile != nil }
}
