import PostgreSQL
import Synchronization

/// Asks the central database. A connection serves the questions of a minute: each new one costs a process of the server, which plans its first
/// statements with nothing cached, and that takes many times as long as the question itself.
///
/// 1. One question has a connection to itself; between two questions nobody has it.
/// 2. The URL is asked for with each question, so that a new password is used at once, and a connection made with the old one is never used again.
/// 3. The server may have restarted since: what finds its connection gone is asked once more on a new one. Questions change nothing.
package final class CentralReader: Sendable {
    /// How long a connection is used after it was made: whoever follows a name to another server after a failover does so by then.
    private static let lifetime = Duration.seconds(60)
    /// The most that wait for the next question.
    private static let mostIdle = 2

    /// A connection between two questions. It is `@unchecked Sendable` because whoever takes it out of the list is the only one who refers to
    /// it, and the list's lock orders one thread's use before the next one's.
    private struct Kept: @unchecked Sendable {
        let url: String
        let connection: PostgreSQLConnection
        let made: ContinuousClock.Instant

        var isYoung: Bool { ContinuousClock.now - made < lifetime }
    }

    private let url: @Sendable () throws(SinkFailure) -> String
    private let idle = Mutex<[Kept]>([])

    /// - Parameter url: where the database is, a secret.
    package init(url: @escaping @Sendable () throws(SinkFailure) -> String) {
        self.url = url
    }

    /// A statement's rows, all of them in memory: each value as PostgreSQL writes it.
    package func rows(_ sql: String, _ arguments: [String]) throws(SinkFailure) -> [[String?]] {
        let url = try self.url()
        if let kept = take(url) {
            do throws(SinkFailure) {
                return try ask(kept, sql, arguments)
            } catch {
                guard kept.connection.isLost else { throw error }
            }
        }
        let made = Kept(url: url, connection: try PostgreSQLConnection(url: url, stop: StopSignal()), made: .now)
        // What nobody asks for any more must not stay at the server.
        Task { [weak self] in
            try? await Task.sleep(for: Self.lifetime)
            self?.drop { !$0.isYoung }
        }
        return try ask(made, sql, arguments)
    }

    private func ask(_ kept: Kept, _ sql: String, _ arguments: [String]) throws(SinkFailure) -> [[String?]] {
        defer { giveBack(kept) }
        return try kept.connection.run(sql, arguments).map { row in row.texts }
    }

    private func take(_ url: String) -> Kept? {
        drop { $0.url != url || !$0.isYoung }
        return idle.withLock { idle in idle.lastIndex { $0.url == url }.map { idle.remove(at: $0) } }
    }

    private func giveBack(_ kept: Kept) {
        guard kept.isYoung, kept.connection.isIdle else { return }
        idle.withLock { idle in
            if idle.count < Self.mostIdle { idle.append(kept) }
        }
    }

    /// Ends connections that aren't to be used again.
    private func drop(_ isDone: (Kept) -> Bool) {
        // The last references go after the lock: the end of a connection is a system call.
        let done = idle.withLock { idle in
            let done = idle.filter(isDone)
            idle.removeAll(where: isDone)
            return done
        }
        withExtendedLifetime(done) {}
    }
}
