/// Reads records back from the central database.
package struct CentralReader {
    private let url: String

    package init(url: String) {
        self.url = url
    }

    /// The rows' first column, which is the record's line, and its second, the instance.
    package func lines(_ sql: String, _ arguments: [String]) throws(SinkFailure) -> [(line: [UInt8], instance: String)] {
        try PostgreSQLConnection(url: url, stop: StopSignal()).run(sql, arguments).compactMap { row in
            row.bytes(0).map { ($0, row.text(1) ?? "") }
        }
    }
}
