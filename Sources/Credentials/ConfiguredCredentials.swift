/// All credentials of the configuration; one that has several scopes stands here once for each, under one name.
package struct ConfiguredCredentials: Sendable {
    package let credentials: [Credential]

    /// How often `refresh` is to be called, by somebody who may block on the file system.
    package static let refreshInterval = Duration.seconds(1)

    package init(_ credentials: [Credential]) {
        self.credentials = credentials
    }

    /// Looks after every credential, and says what happened to which.
    package func refresh(uptime: Duration) -> [(name: String, event: CredentialEvent)] {
        credentials.flatMap { credential in
            credential.refresh(uptime: uptime).map { (credential.name, $0) }
        }
    }

    /// What there is to say about each name, in the order of the configuration: as bad as the worst of its scopes.
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
