import Synchronization

/// A user of IAM with the source of its password, shared by all scopes that it gets tokens for; see `PasswordUser`.
package final class PasswordLogin: Sendable {
    /// The scope of a token of IAM.
    package enum Scope: Sendable, Hashable {
        /// One project by its id.
        case project(String)
        /// The project that has the same name as a region.
        case region(String)
        /// The account, for calls to IAM itself.
        case domain
    }

    let domain: String
    let username: String
    let source: SecretSource
    private let user: PasswordUser

    /// Asks IAM with a password.
    typealias Attempt = @Sendable (Secret) async -> Result<FetchedMaterial, IAMFault>

    /// - Parameter user: what is known about the user's passwords, whatever source they come from.
    package init(domain: String, username: String, password: SecretSource, user: PasswordUser = PasswordUser()) {
        self.domain = domain
        self.username = username
        self.user = user
        source = password
    }

    /// Reads the password and tries it, after the earlier attempts have ended.
    func attempt(_ attempt: @escaping Attempt) async throws(IAMFault) -> FetchedMaterial {
        try await user.attempt(source, attempt).get()
    }
}
