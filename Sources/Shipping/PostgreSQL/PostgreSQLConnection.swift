internal import CPostgreSQL
import Glibc

/// One connection to PostgreSQL through libpq, used by one thread. Every wait is bounded by a time and by the stop: libpq's own blocking
/// calls know neither, so only its asynchronous ones are used.
package final class PostgreSQLConnection {
    /// A row of an answer, copied out of libpq.
    package struct Row: Sendable {
        private let values: [[UInt8]?]

        init(_ result: OpaquePointer, _ row: Int32) {
            values = (0..<PQnfields(result)).map { column in
                guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else { return nil }
                return Array(UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(result, row, column))))
            }
        }

        var texts: [String?] { values.map { $0.map { String(decoding: $0, as: UTF8.self) } } }
        package func bytes(_ column: Int) -> [UInt8]? { values[column] }
        package func text(_ column: Int) -> String? { values[column].map { String(decoding: $0, as: UTF8.self) } }
        package func integer(_ column: Int) -> Int64? { text(column).flatMap { Int64($0) } }
    }

    /// The longest that a connection may take to come about, an answer to come, or data to be taken.
    static let usualPatience = Duration.seconds(30)
    /// The same for what is asked now.
    var patience = PostgreSQLConnection.usualPatience
    /// The statement timeout of the server; shorter than our own wait, so that its error still arrives.
    private static let statementTimeoutMilliseconds = 25_000

    private let connection: OpaquePointer
    private let stop: StopSignal

    /// Connects. The URL is a secret: no message has any part of it.
    package init(url: String, stop: StopSignal) throws(SinkFailure) {
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") || url.contains("=") else {
            throw SinkFailure("the connection URL doesn't begin with postgresql://")
        }
        // Parameters of the URL in `dbname` override those before it.
        let parameters = [
            ("fallback_application_name", "hss-gateway"), ("client_encoding", "UTF8"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("dbname", url),
        ]
        let started = CStrings.with(parameters.map(\.0)) { keywords in
            CStrings.with(parameters.map(\.1)) { values in PQconnectStartParams(keywords, values, 1) }
        }
        guard let started else { throw SinkFailure("out of memory") }
        connection = started
        self.stop = stop
        cpostgresql_silence(connection)
        // From here on an error runs `deinit`, which ends the connection.
        try connect()
        try run("SET statement_timeout = \(Self.statementTimeoutMilliseconds)")
    }

    deinit { PQfinish(connection) }

    private func connect() throws(SinkFailure) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw SinkFailure("the connection URL can't be used") }
        var direction = PGRES_POLLING_WRITING
        let end = StopSignal.uptime() + Self.usualPatience.nanoseconds
        while direction == PGRES_POLLING_WRITING || direction == PGRES_POLLING_READING {
            let events = direction == PGRES_POLLING_READING ? POLLIN : POLLOUT
            let rest = Duration.nanoseconds(end - StopSignal.uptime())
            guard rest > .zero, stop.wait(for: PQsocket(connection), events, timeout: rest) else {
                throw SinkFailure("the server doesn't answer")
            }
            direction = PQconnectPoll(connection)
        }
        guard direction == PGRES_POLLING_OK, PQsetnonblocking(connection, 1) == 0 else {
            throw SinkFailure(
                PQconnectionNeedsPassword(connection) == 1 ? "the server asks for a password" : "can't connect to the server, or it refused the login"
            )
        }
    }

    /// Runs one statement and gives its rows, all of them in memory: for statements whose answers are small.
    @discardableResult
    package func run(_ sql: String, _ arguments: [String] = []) throws(SinkFailure) -> [Row] {
        var rows: [Row] = []
        try send(sql, arguments)
        try eachResult { result throws(SinkFailure) in
            for row in 0..<PQntuples(result) { rows.append(Row(result, row)) }
        }
        return rows
    }

    /// Runs one query and gives each row as it comes, with flat memory; `body` says whether to go on.
    package func stream(_ sql: String, _ arguments: [String], _ body: (Row) throws(SinkFailure) -> Bool) throws(SinkFailure) {
        try send(sql, arguments)
        PQsetSingleRowMode(connection)
        var goesOn = true
        try eachResult { result throws(SinkFailure) in
            guard goesOn, PQntuples(result) > 0 else { return }
            goesOn = try body(Row(result, 0))
        }
    }

    /// Begins `COPY … FROM STDIN` with data in its text form; one statement, so all rows or none. The connection does nothing else until
    /// `endCopy`; one that is given up in between takes nothing.
    func beginCopy(_ sql: String) throws(SinkFailure) {
        try send(sql, [])
        guard let result = try nextResult() else { throw SinkFailure("the server doesn't take the data") }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COPY_IN else { throw failure(of: result) }
    }

    /// How much is handed to libpq at once, about.
    static let pieceBytes = 64 << 10

    func put(_ piece: [UInt8]) throws(SinkFailure) {
        guard !piece.isEmpty else { return }
        while true {
            let code = piece.withUnsafeBytes { bytes in
                PQputCopyData(connection, bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress }, Int32(clamping: bytes.count))
            }
            if code == 1 { return try flush() }
            guard code == 0 else { throw lost }
            try waitForRoom()
        }
    }

    /// Ends the copy; returns when the server has committed it.
    func endCopy() throws(SinkFailure) {
        while true {
            let code = PQputCopyEnd(connection, nil)
            if code == 1 { break }
            guard code == 0 else { throw lost }
            try waitForRoom()
        }
        try eachResult { _ in }
    }

    private func send(_ sql: String, _ arguments: [String]) throws(SinkFailure) {
        let code = CStrings.with(arguments) { values in
            PQsendQueryParams(connection, sql, Int32(arguments.count), nil, arguments.isEmpty ? nil : values, nil, nil, 0)
        }
        guard code == 1 else { throw lost }
        try flush()
    }

    /// Flushes libpq's buffer, so that it stays small.
    private func flush() throws(SinkFailure) {
        while true {
            let code = PQflush(connection)
            if code == 0 { return }
            guard code == 1 else { throw lost }
            try waitForRoom()
        }
    }

    private func waitForRoom() throws(SinkFailure) {
        guard stop.wait(for: PQsocket(connection), POLLIN | POLLOUT, timeout: patience) else { throw SinkFailure("the server doesn't answer") }
        // The server may be sending, and waiting for us to read.
        guard PQconsumeInput(connection) == 1 else { throw lost }
    }

    private func eachResult(_ body: (OpaquePointer) throws(SinkFailure) -> Void) throws(SinkFailure) {
        var first: SinkFailure?
        while let result = try nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE:
                guard first == nil else { continue }
                do throws(SinkFailure) { try body(result) } catch { first = error }
            default:
                first = first ?? failure(of: result)
            }
        }
        if let first { throw first }
    }

    private func nextResult() throws(SinkFailure) -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            guard stop.wait(for: PQsocket(connection), POLLIN, timeout: patience) else { throw SinkFailure("the server doesn't answer") }
            guard PQconsumeInput(connection) == 1 else { throw lost }
        }
        return PQgetResult(connection)
    }

    private var lost: SinkFailure { SinkFailure("the connection to the server was lost") }

    /// The server's messages may quote data, so only the code is reported.
    private func failure(of result: OpaquePointer) -> SinkFailure {
        guard let code = cpostgresql_sqlstate(result) else { return lost }
        return PostgreSQLCode.failure(String(cString: code))
    }
}
