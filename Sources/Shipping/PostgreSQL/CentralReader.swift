import PostgreSQL
import Synchronization

/// Queries the central database. A connection is used for the queries of a minute: each new one costs a process of the server, which plans its
/// first statements without a cache, and that takes many times as long as the query itself.
///
/// 1. A connection is used by one query at a time.
/// 2. The URL is read for each query, so that a new password is used at once, and a connection made with the old one is never used again.
/// 3. The server may have restarted since: a query whose connection is lost is repeated once on a new one. Queries change nothing.
package final class CentralReader: Sendable {
    /// How long a connection is used after it was opened: by then a failover of the server's name is followed.
    private static let lifetime = Duration.seconds(60)
    /// The most idle connections.
    private static let mostIdle = 2

    /// An idle connection. It is `@unchecked Sendable` because the thread that takes it out of the list has the only reference to it, and the
    /// list's lock orders one thread's use before the next one's.
    private struct Kept: @unchecked Sendable {
        let url: String
        let connection: PostgreSQLConnection
        let made: ContinuousClock.Instant

        var isYoung: Bool { ContinuousClock.now - made < lifetime }
    }

    private let url: @Sendable () throws(SinkFailure) -> String
    private let idle = Mutex<[Kept]>([])

    /// - Parameter url: the database's URL, a secret.
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
        // An unused connection must not stay open at the server.
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

    /// Closes connections that must not be used again.
    private func drop(_ isDone: (Kept) -> Bool) {
        // The last references are released after the lock: closing a connection is a system call.
        let done = idle.withLock { idle in
            let done = idle.filter(isDone)
            idle.removeAll(where: isDone)
            return done
        }
        withExtendedLifetime(done) {}
    }
}
