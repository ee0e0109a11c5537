import PostgreSQL

/// Queries the central database. A connection is used for the queries of a minute: each new one costs a process of the server, which plans its
/// first statements without a cache, and that takes many times as long as the query itself.
///
/// 1. A connection is used by one query at a time.
/// 2. The URL is read for each query, so that a new password is used at once, and a connection made with the old one is never used again.
/// 3. The server may have restarted since: a query whose connection is lost is repeated once on a new one. Queries change nothing.
package final class CentralReader: Sendable {
    private typealias Kept = IdleConnections<PostgreSQLConnection>.Kept

    private let url: @Sendable () throws(SinkFailure) -> String
    /// A minute, so that after a failover queries follow the server's name to the new server within that time.
    private let idle = IdleConnections<PostgreSQLConnection>(lifetime: .seconds(60), most: 2)

    /// - Parameter url: the database's URL, a secret.
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
