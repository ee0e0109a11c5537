import Administration
import Audit
import Credentials
import Crypto
package import Gateway
import Policy
package import Settings
import Transport

/// One configuration with everything that is created from it; it comes into force as a whole.
package struct RunningConfiguration: Sendable {
    let settings: GatewaySettings
    let credentials: CredentialSet
    package let snapshot: Snapshot
    /// Access control of the admin port.
    let adminAccess: AdminAccess
    /// The TLS of the admin port's connections; nil for plain HTTP.
    let adminTLS: ListenerTLS?
    /// The gateway's part of the records of requests that use this configuration.
    let gateway: Record.Gateway

    /// Reads every secret and creates every part; throws when one of them can't be created, and nothing has changed
    /// then.
    /// - Parameter previous: the credentials in force; those with the same configuration are kept.
    init(
        _ settings: GatewaySettings, source: ConfigurationSource, _ surroundings: CredentialSurroundings,
        previous: CredentialSet, generation: Int
    ) throws(Failure) {
        self.settings = settings
        let digest = SHA256.hash(data: Array(settings.canonicalText.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        gateway = Record.Gateway(instance: Instance.name, version: Build.version, configSHA256: digest.joined())
        adminAccess = try AdminAssembly.access(settings.admin)
        adminTLS = try AdminAssembly.tls(settings.admin)
        credentials = try CredentialAssembly.credentials(settings, surroundings, previous: previous)
        snapshot = try SnapshotAssembly.snapshot(
            settings, credentials: credentials, identifiers: surroundings.identifiers, recogniser: try source.identity.recogniser(settings),
            generation: generation, gateway: gateway, spans: source.spans)
    }

    /// The first configuration of a process.
    package init(
        _ settings: GatewaySettings, source: ConfigurationSource, _ surroundings: CredentialSurroundings, generation: Int
    ) throws(Failure) {
        try self.init(settings, source: source, surroundings, previous: CredentialSet(), generation: generation)
    }

    /// The slow preparations, which may wait for other services: the last step before it comes into force.
    func prepare(_ source: ConfigurationSource) async throws(Failure) {
        try await source.identity.prepare(
            snapshot.recogniser, settings, now: Timestamp.now().microseconds / 1_000_000, isReload: snapshot.generation > 1)
    }

    /// It is in force now: tells each credential for which endpoints it is used.
    func tellCredentials() {
        var endpoints: [String: Set<String>] = [:]
        for route in snapshot.routes {
            for credential in [route.credential] + route.alternatives + route.fallbacks {
                endpoints[credential.name, default: []].insert(route.origin.hostField)
            }
        }
        for credential in credentials.all { credential.isUsed(for: endpoints[credential.name] ?? []) }
    }

    /// Whether ids of projects are known by now that it was made without.
    func lacksKnown(_ identifiers: ProjectIdentifiers) -> Bool {
        zip(settings.projects, snapshot.projects.projects).contains { setting, project in
            project.id == Project.unknownID && identifiers.identifier(of: setting, in: settings) != nil
        }
    }

    /// SHA-256 of what all members of a fleet must have in common.
    var sharedDigest: String { SharedConfiguration.digest(of: settings) }

    /// SHA-256 of the effective settings, without their secrets.
    var digest: String { gateway.configSHA256 }
}
