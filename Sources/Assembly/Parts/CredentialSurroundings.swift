package import Credentials
import Settings

/// What credentials need besides their settings; one object for the whole process.
package struct CredentialSurroundings: Sendable {
    /// Values that stand in for environment variables of these names: the sandbox's own keys.
    var secrets: [String: String] = [:]
    var environment: [String: String] = [:]
    let exchange: any IAMExchange
    let clock: ClockOffset
    let identifiers = ProjectIdentifiers()
    /// What must outlive every configuration, because forgetting it could lock a key or a user.
    let trusts = KeyTrusts()
    let users = PasswordUsers()
    /// Shares trials of unproven keys with other gateways; nil for a single gateway.
    var sharing: SharedTrustReference?

    package init(
        secrets: [String: String] = [:], environment: [String: String] = [:], exchange: any IAMExchange, clock: ClockOffset
    ) {
        self.secrets = secrets
        self.environment = environment
        self.exchange = exchange
        self.clock = clock
    }
}
