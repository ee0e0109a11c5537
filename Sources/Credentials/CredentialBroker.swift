/// All credentials of the configuration, by name.
package struct CredentialBroker: Sendable {
    private let credentials: [String: Credential]

    /// How often `refresh` is to be called, by somebody who may block on the file system.
    package static let refreshInterval = Duration.seconds(1)

    /// The names must be unique; settings see to that.
    package init(_ credentials: [Credential]) {
        self.credentials = Dictionary(uniqueKeysWithValues: credentials.map { ($0.name, $0) })
    }

    /// The credential of that name. Projects hold on to theirs, so that no request pays for the look-up.
    package subscript(name: String) -> Credential? { credentials[name] }

    /// Looks after every credential, and says what happened to which.
    package func refresh(uptime: Duration) -> [(name: String, event: CredentialEvent)] {
        credentials.values.compactMap { credential in
            credential.refresh(uptime: uptime).map { (credential.name, $0) }
        }
    }
}
