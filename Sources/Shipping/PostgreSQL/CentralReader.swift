import PostgreSQL

/// Asks the central database. A connection serves the questions of a minute: each new one costs a process of the server, which plans its first
/// statements with nothing cached, and that takes many times as long as the question itself.
///
/// 1. One question has a connection to itself; between two questions nobody has it.
/// 2. The URL is asked for with each question, so that a new password is used at once, and a connection made with the old one is never used again.
/// 3. The server may have restarted since: what finds its connection gone is asked once more on a new one. Questions change nothing.
package final class CentralReader: Sendable {
    private typealias Kept = IdleConnections<PostgreSQLConnection>.Kept

    private let url: @Sendable () throws(SinkFailure) -> String
    /// Whoever follows a name to another server after a failover does so within a minute.
    private let idle = IdleConnections<PostgreSQLConnection>(lifetime: .seconds(60), most: 2)

    /// - Parameter url: where the database is, a secret.
    package init(url: @escaping @Sendable () throws(SinkFailure) -> String) {
        self.url = url
    }

    /// A statement's rows, all of them in memory: each value as PostgreSQL writes it.
    package func rows(_ sql: String, _ arguments: [String]) throws(SinkFailure) -> [[String?]] {
        let url = try self.url()
        if let kept = idle.take(url) {
            do throws(SinkFailure) {
                return try ask(kept, sql, arguments)
            } catch {
                guard kept.connection.isLost else { throw error }
            }
        }
        return try ask(Kept(url: url, connection: try PostgreSQLConnection(url: url, stop: StopSignal()), made: .now), sql, arguments)
    }

    private func ask(_ kept: Kept, _ sql: String, _ arguments: [String]) throws(SinkFailure) -> [[String?]] {
        defer { if kept.connection.isIdle { idle.giveBack(kept) } }
        return try kept.connection.run(sql, arguments).map { row in row.texts }
    }
}
