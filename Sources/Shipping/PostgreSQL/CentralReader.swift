import PostgreSQL

/// Asks the central database, on a connection for each question: whoever reads may do so for hours, and a server restarts.
package struct CentralReader {
    private let url: String

    /// - Parameter url: where the database is, a secret.
    package init(url: String) {
        self.url = url
    }

    /// A statement's rows, all of them in memory: each value as PostgreSQL writes it.
    package func rows(_ sql: String, _ arguments: [String]) throws(SinkFailure) -> [[String?]] {
        try PostgreSQLConnection(url: url, stop: StopSignal()).run(sql, arguments).map { row in row.texts }
    }
}
