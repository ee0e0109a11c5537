/// All credentials of the configuration; a credential with several scopes is listed once for each, under the same name.
package struct ConfiguredCredentials: Sendable {
    package let credentials: [Credential]

    /// How often `refresh` is to be called, from a thread that may block on the file system.
    package static let refreshInterval = Duration.seconds(1)

    package init(_ credentials: [Credential]) {
        self.credentials = credentials
    }

    /// Refreshes every credential and returns the events of each.
    package func refresh(uptime: Duration) -> [(name: String, event: CredentialEvent)] {
        credentials.flatMap { credential in
            credential.refresh(uptime: uptime).map { (credential.name, $0) }
        }
    }

    /// The status of each name, in the order of the configuration: the worst status among its scopes.
    package static func statuses(_ credentials: [Credential]) -> [(name: String, status: CredentialStatus)] {
        var found: [(name: String, status: CredentialStatus)] = []
        for credential in credentials {
            let status = credential.status
            if let index = found.firstIndex(where: { $0.name == credential.name }) {
                found[index].status.merge(status)
            } else {
                found.append((credential.name, status))
            }
        }
        return found
    }
}
