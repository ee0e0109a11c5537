import Synchronization

/// One issuer's keys, where they come from, and how often that place may be asked.
package final class TokenAuthority: Sendable {
    package typealias Load = @Sendable () async throws(VerificationKeys.Fault) -> [UInt8]

    /// Keys are fetched anew after this many seconds, so that one the issuer withdrew ends here as well.
    package static let refreshInterval: Int64 = 300
    /// Tokens with unknown key ids, which anybody can make up, lead to at most one fetch in this many seconds.
    static let shortestInterval: Int64 = 10

    private struct State {
        var keys: VerificationKeys?
        /// Counts up with each set that came into force.
        var version = 0
        var lastAttempt: Int64?
        var fetch: Task<VerificationKeys.Fault?, Never>?
    }

    package let issuer: String
    /// A path or a URL, for messages to the operator.
    package let place: String
    private let load: Load
    private let state = Mutex(State())

    package init(issuer: String, place: String, load: @escaping Load) {
        self.issuer = issuer
        self.place = place
        self.load = load
    }

    var keys: (keys: VerificationKeys, version: Int)? {
        state.withLock { state in state.keys.map { ($0, state.version) } }
    }

    /// Whether its tokens can be verified.
    package var hasKeys: Bool { state.withLock { $0.keys != nil } }

    /// Whether the keys are old enough to be fetched again.
    package func isDue(now: Int64) -> Bool {
        state.withLock { state in
            state.lastAttempt.map { abs(now - $0) >= (state.keys == nil ? Self.shortestInterval : Self.refreshInterval) } ?? true
        }
    }

    /// Whether a token with a key id that nobody knows may lead to a fetch, or to waiting for the one that is under way.
    func mayRefresh(now: Int64) -> Bool {
        state.withLock { state in state.fetch != nil || state.lastAttempt.map { abs(now - $0) >= Self.shortestInterval } ?? true }
    }

    /// Fetches the keys, once for everybody who asks meanwhile. The old ones stay in force when that fails. The loader ends by itself, in
    /// the time that its own limits allow.
    @discardableResult
    package func refresh(now: Int64) async -> VerificationKeys.Fault? {
        let fetch = state.withLock { state in
            if let running = state.fetch { return running }
            state.lastAttempt = now
            let task = Task { await self.fetch() }
            state.fetch = task
            return task
        }
        return await fetch.value
    }

    private func fetch() async -> VerificationKeys.Fault? {
        var fault: VerificationKeys.Fault?
        var keys: VerificationKeys?
        do throws(VerificationKeys.Fault) {
            keys = try await VerificationKeys(json: try await load())
        } catch {
            fault = error
        }
        state.withLock { state in
            state.fetch = nil
            guard let keys else { return }
            state.keys = keys
            state.version += 1
        }
        return fault
    }
}
