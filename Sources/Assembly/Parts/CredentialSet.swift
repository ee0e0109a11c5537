package import Credentials
import Settings

/// The credentials of a configuration, and which of them acts in which project.
struct CredentialSet: Sendable {
    /// Every credential; one that has several scopes stands here once for each.
    var all: [Credential] { made.map(\.credential) }
    /// Whoever acts in a project, by the project's name, and who takes over.
    var acting: [String: Acting] = [:]
    var made: [Made] = []

    /// Those that act in one project.
    struct Acting: Sendable {
        let credential: Credential
        /// More of them, which share the load.
        let alternatives: [Credential]
        /// Take over one after the other while none of these can vouch.
        let fallbacks: [Credential]
    }

    /// A credential with all that it was made of: when another configuration says the same, it goes on with what it holds.
    struct Made: Sendable {
        let setting: CredentialSettings
        /// Tokens are good for one project each; everything else has no scope.
        let scope: TokenScope?
        let place: IAMContext
        let stored: StoredCredential?
        /// Whoever assumes the agency.
        let source: Credential?
        let credential: Credential
    }
}

/// What credentials are made of besides the settings; one for the life of the process.
package struct CredentialSurroundings: Sendable {
    /// Values that stand in for environment variables of these names: the sandbox's own keys.
    var secrets: [String: String] = [:]
    var environment: [String: String] = [:]
    let exchange: any IAMExchange
    let clock: ClockOffset
    let identifiers = ProjectIdentifiers()
    /// With whom trials of keys are shared; nil for a gateway that is alone.
    var sharing: TrustSharing?

    package init(
        secrets: [String: String] = [:], environment: [String: String] = [:], exchange: any IAMExchange, clock: ClockOffset
    ) {
        self.secrets = secrets
        self.environment = environment
        self.exchange = exchange
        self.clock = clock
    }
}
