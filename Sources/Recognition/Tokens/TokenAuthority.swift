package import Credentials
import Synchronization

/// One issuer's keys, their source, and how often they may be fetched.
package final class TokenAuthority: Sendable {
    package typealias Load = @Sendable () async throws(VerificationKeys.Fault) -> [UInt8]

    /// Keys are fetched again after this many seconds, so that a key that the issuer has withdrawn becomes invalid here as well.
    package static let refreshInterval: Int64 = 300
    /// Tokens with unknown key ids, which an attacker can invent, cause at most one fetch in this many seconds.
    static let shortestInterval: Int64 = 10

    private struct State {
        var keys: VerificationKeys?
        /// Incremented with each set of keys that comes into force.
        var version = 0
        var lastAttempt: Int64?
        var fetch: Task<VerificationKeys.Fault?, Never>?
        var found: FileFingerprint?
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

    /// The file of the keys just before it was last read; nil when there was none, as with a URL.
    package var found: FileFingerprint? { state.withLock { $0.found } }

    /// Whether the keys are old enough to be fetched again.
    package func isDue(now: Int64) -> Bool {
        state.withLock { state in
            state.lastAttempt.map { abs(now - $0) >= (state.keys == nil ? Self.shortestInterval : Self.refreshInterval) } ?? true
        }
    }

    /// Whether a token with an unknown key id may cause a fetch, or wait for the one that is under way.
    func mayRefresh(now: Int64) -> Bool {
        state.withLock { state in state.fetch != nil || state.lastAttempt.map { abs(now - $0) >= Self.shortestInterval } ?? true }
    }

    /// Fetches the keys, once for all concurrent callers. The old ones stay in force if that fails. The loader has its own timeouts.
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
        let found = FileFingerprint(path: place)
        do throws(VerificationKeys.Fault) {
            keys = try await VerificationKeys(json: try await load())
        } catch {
            fault = error
        }
        state.withLock { state in
            state.fetch = nil
            state.found = found
            guard let keys else { return }
            state.keys = keys
            state.version += 1
        }
        return fault
    }
}
