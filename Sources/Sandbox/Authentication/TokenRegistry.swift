import Synchronization

/// The tokens that IAM issued.
final class TokenRegistry: Sendable {
    /// A token and its state.
    struct Entry: Sendable {
        var token: String
        var principal: Principal
        var methods: [String]
        var issuedAt: Duration
        var expiresAt: Duration
        /// Set after a change of password or permissions: HSS then requires a new token (APIGW.0307).
        var isSuperseded = false
    }

    /// Tokens kept at a time; the oldest are dropped first. 1,024 of 10 kB are 10 MB.
    static let mostTokens = 1_024

    private struct State {
        var entries: [String: Entry] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())
    private let tokenByteCount: Int

    /// A registry whose tokens have about that length; IAM's have 1 to 32 kB.
    init(tokenByteCount: Int) { self.tokenByteCount = tokenByteCount }

    /// Creates a token. Older ones stay valid, as in the cloud.
    func issue(_ principal: Principal, methods: [String], lifetime: Duration, now: Duration) -> Entry {
        let token = makeToken()
        var principal = principal
        principal.token = token
        let entry = Entry(token: token, principal: principal, methods: methods, issuedAt: now, expiresAt: now + lifetime)
        state.withLock { state in
            state.entries[token] = entry
            state.order.append(token)
            if state.order.count > Self.mostTokens { state.entries[state.order.removeFirst()] = nil }
        }
        return entry
    }

    /// The entry of a token, including expired and superseded ones.
    func entry(_ token: String) -> Entry? { state.withLock { $0.entries[token] } }

    /// Deletes a token; false when there is none.
    func revoke(_ token: String) -> Bool {
        state.withLock { state in
            state.order.removeAll { $0 == token }
            return state.entries.removeValue(forKey: token) != nil
        }
    }

    /// Marks every token as requiring an update.
    func supersedeAll() {
        state.withLock { state in
            for token in state.order { state.entries[token]?.isSuperseded = true }
        }
    }

    /// Removes all tokens.
    func removeAll() { state.withLock { $0 = State() } }

    /// Huawei's tokens are CMS messages in a base64 with `-` for `/`; they begin with `MII`.
    private func makeToken() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-".utf8)
        var generator = SystemRandomNumberGenerator()
        let tail = (0..<max(16, tokenByteCount - 4)).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return "MIIY" + String(decoding: tail, as: UTF8.self)
    }
}
