import Credentials
import Settings

/// The credentials of a configuration, and which of them are used in which project.
struct CredentialSet: Sendable {
    /// Every credential; one with several scopes is here once for each.
    var all: [Credential] { made.map(\.credential) }
    /// The credentials of a project, by its name, and their fallbacks.
    var acting: [String: Acting] = [:]
    var made: [Made] = []

    /// The credentials of one project.
    struct Acting: Sendable {
        let credential: Credential
        /// Further credentials that share the load.
        let alternatives: [Credential]
        /// Used in this order while none of the others can sign.
        let fallbacks: [Credential]
    }

    /// A credential with its settings: if another configuration has the same ones, it is kept with its state.
    struct Made: Sendable {
        let setting: CredentialSettings
        /// A token is valid for one project; other credentials have no scope.
        let scope: PasswordLogin.Scope?
        let place: IAMContext
        let stored: StoredCredential?
        /// The credential that assumes the agency.
        let source: Credential?
        /// Where its material comes from.
        let yielding: any CredentialSource
        let credential: Credential
    }
}
