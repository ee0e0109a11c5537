import Synchronization

/// An IAM user and its password, shared by all scopes that it gets tokens for.
///
/// 1. A password that IAM refused is not sent again for any scope until its file changes. Sending it again would lock the user.
/// 2. One attempt at a time: two scopes must not both try a wrong password before the first refusal is known.
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
    private let refused = Mutex<Version?>(nil)
    private let turns = Turns()

    /// A password, with the state of its file.
    private struct Version: Sendable {
        let fingerprint: FileFingerprint?
        let secret: Secret
        /// IAM's answer to the password.
        let fault: IAMFault
    }

    /// Asks IAM with a password.
    typealias Attempt = @Sendable (Secret) async -> Result<FetchedMaterial, IAMFault>

    package init(domain: String, username: String, password: SecretSource) {
        self.domain = domain
        self.username = username
        source = password
    }

    /// Reads the password and tries it, after the earlier attempts have ended.
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

    /// Runs tasks one after the other, in the order of their arrival.
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
