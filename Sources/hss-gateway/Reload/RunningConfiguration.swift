import Audit
import Credentials
import Crypto
import Gateway
import Settings

/// One configuration with everything that is made of it: what comes into force, and goes out of force, as a whole.
struct RunningConfiguration: Sendable {
    let settings: GatewaySettings
    let credentials: [Credential]
    let snapshot: Snapshot
    /// What the admin port asks for; nil when it asks for nothing.
    let adminToken: AdminToken?
    /// The name tag of the records that it decides.
    let gateway: Record.Gateway

    /// Reads every secret and makes every part; throws when one of them can't be made, and nothing has changed then.
    init(_ settings: GatewaySettings, secrets: [String: String], generation: Int) throws(Failure) {
        self.settings = settings
        let digest = SHA256.hash(data: Array(settings.canonicalText.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        gateway = Record.Gateway(instance: Instance.name, version: Build.version, configSHA256: digest.joined())
        adminToken = try settings.admin.token.map { reference throws(Failure) in try StoredToken.adminToken(reference) }
        credentials = try CredentialAssembly.credentials(settings, secrets: secrets)
        snapshot = try SnapshotAssembly.snapshot(settings, credentials: credentials, generation: generation, gateway: gateway)
    }

    /// SHA-256 of the effective settings, without their secrets.
    var digest: String { gateway.configSHA256 }
}
