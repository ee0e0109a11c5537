import Synchronization

/// Open connections to a database that no query uses at the moment. Each is kept for a limited time after it was made. A task closes those whose time
/// is up; it runs while the list has any, and ends with the list at the latest.
final class IdleConnections<Connection>: Sendable {
    typealias Pause = @Sendable (Duration) async throws -> Void

    /// A connection that nobody uses. It is `@unchecked Sendable` because the thread that takes it out of the list has the only reference to it, and
    /// the list's lock orders one thread's use before the next one's.
    struct Kept: @unchecked Sendable {
        let url: String
        let connection: Connection
        let made: ContinuousClock.Instant
    }

    private struct State {
        var idle: [Kept] = []
        var sweeper: Task<Void, Never>?
    }

    private let lifetime: Duration
    private let most: Int
    private let pause: Pause
    private let state = Mutex(State())

    /// - Parameters:
    ///   - lifetime: how long a connection is used after it was made.
    ///   - most: how many wait for the next question at most.
    init(lifetime: Duration, most: Int, pause: @escaping Pause = { try await Task.sleep(for: $0) }) {
        self.lifetime = lifetime
        self.most = most
        self.pause = pause
    }

    deinit { state.withLock { $0.sweeper?.cancel() } }

    /// One that leads there; those that lead anywhere else are ended.
    func take(_ url: String) -> Kept? {
        drop { [self] in $0.url != url || !isYoung($0) }
        return state.withLock { state in state.idle.lastIndex { $0.url == url }.map { state.idle.remove(at: $0) } }
    }

    func giveBack(_ kept: Kept) {
        guard isYoung(kept) else { return }
        state.withLock { state in
            guard state.idle.count < most else { return }
            state.idle.append(kept)
            if state.sweeper == nil { state.sweeper = sweep() }
        }
    }

    private func isYoung(_ kept: Kept) -> Bool { ContinuousClock.now - kept.made < lifetime }

    /// What nobody asks for any more must not stay at the server.
    private func sweep() -> Task<Void, Never> {
        Task { [weak self, pause] in
            while !Task.isCancelled, let wait = self?.untilNextEnd() {
                try? await pause(wait)
                self?.dropOld()
            }
        }
    }

    /// Until the first is too old; nil once there is none, and then nobody waits for it.
    private func untilNextEnd() -> Duration? {
        state.withLock { state in
            guard let first = state.idle.map(\.made).min() else {
                state.sweeper = nil
                return nil
            }
            // Bounded: a time that this process has measured.
            return max(.zero, lifetime - (ContinuousClock.now - first))
        }
    }

    private func dropOld() { drop { [self] in !isYoung($0) } }

    /// Ends connections that aren't to be used again.
    private func drop(_ isDone: (Kept) -> Bool) {
        // The last references go after the lock: the end of a connection is a system call.
        let done = state.withLock { state in
            let done = state.idle.filter(isDone)
            state.idle.removeAll(where: isDone)
            return done
        }
        withExtendedLifetime(done) {}
    }
}
