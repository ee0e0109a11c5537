import Synchronization

/// The existing access keys: those of the configured accounts and the temporary ones that IAM issued.
final class CredentialDirectory: Sendable {
    /// An access key and what is needed to use it.
    struct Entry: Sendable {
        var account: Int
        var secretKey: String
        var securityToken: String?
        /// Expiry of temporary keys; moment since the epoch.
        var expiresAt: Duration?
    }

    /// A set of temporary keys, as in IAM's answer.
    struct TemporaryKeys: Sendable {
        var accessKey: String
        var secretKey: String
        var securityToken: String
        var expiresAt: Duration
    }

    /// Temporary keys kept at a time; the oldest are dropped first.
    static let mostTemporaryKeys = 1_024

    private struct State {
        var permanent: [String: Entry] = [:]
        var temporary: [String: Entry] = [:]
        var order: [String] = []
    }

    private let state: Mutex<State>

    /// A directory of the configured accounts.
    init(accounts: [SandboxAccount]) {
        var state = State()
        for (index, account) in accounts.enumerated() {
            state.permanent[account.accessKey] = Entry(
                account: index, secretKey: account.secretKey, securityToken: account.securityToken, expiresAt: nil)
        }
        self.state = Mutex(state)
    }

    /// The entry of an access key; nil for expired ones.
    func entry(_ accessKey: String, now: Duration) -> Entry? {
        state.withLock { state in
            guard let entry = state.permanent[accessKey] ?? state.temporary[accessKey] else { return nil }
            if let expiresAt = entry.expiresAt, expiresAt <= now { return nil }
            return entry
        }
    }

    /// Creates temporary keys for an account.
    func issue(account: Int, lifetime: Duration, now: Duration) -> TemporaryKeys {
        let keys = TemporaryKeys(
            accessKey: "HST" + Hexadecimal.random(byteCount: 9).uppercased().prefix(17), secretKey: Hexadecimal.random(byteCount: 20),
            securityToken: "gQpjbi1ub3J0aC00" + Hexadecimal.random(byteCount: 200), expiresAt: now + lifetime)
        state.withLock { state in
            state.temporary[keys.accessKey] = Entry(
                account: account, secretKey: keys.secretKey, securityToken: keys.securityToken, expiresAt: keys.expiresAt)
            state.order.append(keys.accessKey)
            if state.order.count > Self.mostTemporaryKeys { state.temporary[state.order.removeFirst()] = nil }
        }
        return keys
    }

    /// Removes all temporary keys.
    func removeTemporaryKeys() {
        state.withLock { state in
            state.temporary = [:]
            state.order = []
        }
    }
}
