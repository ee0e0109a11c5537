import Synchronization

/// The session tokens of the ECS metadata service.
final class MetadataSessions: Sendable {
    /// Sessions kept at a time; the oldest are dropped first.
    static let mostSessions = 64

    private let sessions = Mutex([(token: String, expiresAt: Duration)]())

    /// Begins a session.
    func begin(lifetime: Duration, now: Duration) -> String {
        let token = Hexadecimal.random(byteCount: 24) + "=="
        sessions.withLock { sessions in
            sessions.append((token, now + lifetime))
            if sessions.count > Self.mostSessions { sessions.removeFirst() }
        }
        return token
    }

    /// Whether a token belongs to an open session.
    func contains(_ token: String, now: Duration) -> Bool {
        sessions.withLock { $0.contains { $0.token == token && now < $0.expiresAt } }
    }

    /// Ends all.
    func removeAll() { sessions.withLock { $0 = [] } }
}
