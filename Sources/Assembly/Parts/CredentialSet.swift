import Credentials
import Settings

/// The credentials of a configuration, and which of them acts in which project.
struct CredentialSet: Sendable {
    /// Every credential; one that has several scopes stands here once for each.
    var all: [Credential] { made.map(\.credential) }
    /// The credentials of a project, by its name, and their fallbacks.
    var acting: [String: Acting] = [:]
    var made: [Made] = []

    /// Those that act in one project.
    struct Acting: Sendable {
        let credential: Credential
        /// More of them, which share the load.
        let alternatives: [Credential]
        /// Used in this order while none of these can sign.
        let fallbacks: [Credential]
    }

    /// A credential with all that it was made of: when another configuration says the same, it goes on with what it holds.
    struct Made: Sendable {
        let setting: CredentialSettings
        /// Tokens are good for one project each; everything else has no scope.
        let scope: PasswordLogin.Scope?
        let place: IAMContext
        let stored: StoredCredential?
        /// The credential that assumes the agency.
        let source: Credential?
        let credential: Credential
    }
}
