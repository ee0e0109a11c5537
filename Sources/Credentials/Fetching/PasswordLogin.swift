import Synchronization

/// An IAM user and its password, shared by all scopes that it gets tokens for.
///
/// 1. A password that IAM refused is not sent again, for no scope, while its file is the same. That would lock the user.
/// 2. One attempt at a time: two scopes must not try a wrong password twice before anybody knows that it is wrong.
package final class PasswordLogin: Sendable {
    /// What a token of IAM is good for.
    package enum Scope: Sendable, Hashable {
        /// One project by its id.
        case project(String)
        /// The project that a region has by its own name.
        case region(String)
        /// The account, for calls to IAM itself.
        case domain
    }

    let domain: String
    let username: String
    let source: SecretSource
    private let refused = Mutex<Version?>(nil)
    private let turns = Turns()

    /// A password in a state of its file.
    private struct Version: Sendable {
        let fingerprint: FileFingerprint?
        let secret: Secret
        /// What IAM said to it.
        let fault: IAMFault
    }

    /// Asks IAM with a password.
    typealias Attempt = @Sendable (Secret) async -> Result<FetchedMaterial, IAMFault>

    package init(domain: String, username: String, password: SecretSource) {
        self.domain = domain
        self.username = username
        source = password
    }

    /// Reads the password and tries it, when it's this attempt's turn.
    func attempt(_ attempt: @escaping Attempt) async throws(IAMFault) -> FetchedMaterial {
        try await turns.take { [self] in await self.tried(attempt) }.get()
    }

    private func tried(_ attempt: Attempt) async -> Result<FetchedMaterial, IAMFault> {
        var fingerprint: FileFingerprint?
        if case .file(let path) = source { fingerprint = FileFingerprint(path: path) }
        let password: Secret
        do throws(SecretFault) {
            password = try SecretReader.read(source, as: .text)
        } catch {
            return .failure(IAMFault(.iam, .secret(error)))
        }
        let known = refused.withLock { $0 }
        if let known, known.fingerprint == fingerprint, known.secret.isEqual(to: password) { return .failure(known.fault) }
        let result = await attempt(password)
        if case .failure(let fault) = result, fault.kind == .refused || fault.kind == .locked {
            refused.withLock { $0 = Version(fingerprint: fingerprint, secret: password, fault: fault) }
        }
        return result
    }

    /// Lets tasks through one after the other, in the order they came.
    private actor Turns {
        private var last: Task<Void, Never>?

        func take(
            _ work: @escaping @Sendable () async -> Result<FetchedMaterial, IAMFault>
        ) async -> Result<FetchedMaterial, IAMFault> {
            let previous = last
            let turn = Task {
                await previous?.value
                return await work()
            }
            last = Task { _ = await turn.value }
            return await turn.value
        }
    }
}
