internal import CPostgreSQL
import Glibc

/// One connection to PostgreSQL through libpq, used by one thread. libpq's own blocking calls have neither deadlines nor cancellation, so
/// only its asynchronous ones are used, and the caller passes a function that waits.
///
/// 1. After any fault except one that the server reported, the session can't be used any more; its owner drops it.
/// 2. Whatever the server sends, no more than `mostUnread` of it is kept in memory for an answer or for a row, and nothing is waited for that the
///    caller's function doesn't limit.
/// 3. A password goes out in clear text only over TLS, or to a process of this machine (`AuthenticationRequest`).
package final class PostgreSQLSession {
    /// Waits until a descriptor is ready for `poll`'s events.
    package typealias Wait = (_ descriptor: Int32, _ events: Int32) -> WaitEnd

    /// How a wait ended.
    package enum WaitEnd: Sendable {
        case ready
        /// The wait reached its time limit.
        case late
        /// The end of all waits was requested.
        case stopped
    }

    /// When the kernel gives up a peer that is silent.
    package struct KeepAlive: Sendable {
        let idle: Int
        let interval: Int
        let count: Int
        let userTimeoutMilliseconds: Int

        /// - Parameters:
        ///   - idle: seconds without traffic before the first probe.
        ///   - interval: seconds between probes.
        ///   - count: how many probes may stay without an answer.
        ///   - userTimeoutMilliseconds: how long what was sent may stay without an acknowledgement.
        package init(idle: Int, interval: Int, count: Int, userTimeoutMilliseconds: Int) {
            self.idle = idle
            self.interval = interval
            self.count = count
            self.userTimeoutMilliseconds = userTimeoutMilliseconds
        }
    }

    /// The most bytes of an answer, or of a row of an answer that is passed on row by row.
    private static let mostUnread: UInt64 = 64 << 20
    /// The same before the login has ended.
    private static let mostGreeted: UInt64 = 1 << 20
    /// Notifications that are kept until somebody asks for them; each is a hint, and may be lost.
    private static let mostNotifications = 1_000
    /// PostgreSQL's own have less than 8,000 bytes.
    private static let longestNotification = 8_000

    private let connection: OpaquePointer
    /// How much had arrived when the present answer or row began.
    private var passed: UInt64 = 0
    private var mostUnread = PostgreSQLSession.mostGreeted
    private var notifications: [String] = []

    /// Connects. The URL is a secret: no message contains any part of it.
    package init(url: String, _ keepAlive: KeepAlive, _ wait: Wait) throws(PostgreSQLFault) {
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") || url.contains("=") else { throw .urlHasNoScheme }
        // Parameters after `dbname` override those of the URL, and the URL overrides those before it.
        let parameters = [
            ("fallback_application_name", "hss-gateway"), ("client_encoding", "UTF8"), ("keepalives_idle", "\(keepAlive.idle)"),
            ("keepalives_interval", "\(keepAlive.interval)"), ("keepalives_count", "\(keepAlive.count)"),
            ("tcp_user_timeout", "\(keepAlive.userTimeoutMilliseconds)"), ("dbname", url),
        ]
        let started = CStrings.with(parameters.map(\.0)) { keywords in
            CStrings.with(parameters.map(\.1)) { values in PQconnectStartParams(keywords, values, 1) }
        }
        guard let started else { throw .outOfMemory }
        connection = started
        cpostgresql_silence(connection)
        // From here on a fault runs `deinit`, which ends the connection.
        try connect(wait)
    }

    deinit { PQfinish(connection) }

    private func connect(_ wait: Wait) throws(PostgreSQLFault) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw .urlIsUnusable }
        var direction = PGRES_POLLING_WRITING
        while direction == PGRES_POLLING_WRITING || direction == PGRES_POLLING_READING {
            try becomesReady(direction == PGRES_POLLING_READING ? POLLIN : POLLOUT, wait)
            if direction == PGRES_POLLING_READING { try judgeRequest(wait) }
            direction = PQconnectPoll(connection)
        }
        guard direction == PGRES_POLLING_OK, PQsetnonblocking(connection, 1) == 0 else {
            throw PQconnectionNeedsPassword(connection) == 1 ? .needsPassword : .unreachable
        }
        mostUnread = Self.mostUnread
    }

    /// Reads what the server asks for before libpq does.
    private func judgeRequest(_ wait: Wait) throws(PostgreSQLFault) {
        // Without a count of its bytes it is a Unix socket.
        guard PQsslInUse(connection) == 0, received != nil else { return }
        var bytes = peek()
        if PQstatus(connection) == CONNECTION_SSL_STARTUP || PQstatus(connection) == CONNECTION_GSS_STARTUP {
            // One letter; libpq would read what follows it together with it.
            guard bytes.first != UInt8(ascii: "N") || bytes.count == 1 else { throw .garbled }
            return
        }
        if case .unfinished(let count) = AuthenticationRequest.judge(bytes) {
            // Until then it isn't ready.
            var (whole, usual) = (Int32(clamping: count), Int32(1))
            setsockopt(PQsocket(connection), SOL_SOCKET, SO_RCVLOWAT, &whole, 4)
            defer { setsockopt(PQsocket(connection), SOL_SOCKET, SO_RCVLOWAT, &usual, 4) }
            try becomesReady(POLLIN, wait)
            bytes = peek()
        }
        switch AuthenticationRequest.judge(bytes) {
        case .harmless: return
        case .clearText: throw .clearText
        // Its end came in the middle of it, or a second one has begun.
        case .endless, .unfinished: throw .garbled
        }
    }

    private func peek() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
            count = max(0, recv(PQsocket(connection), buffer.baseAddress, buffer.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)))
        }
    }

    /// For a caller that sleeps until the server sends something by itself.
    package var descriptor: Int32 { PQsocket(connection) }

    /// Whether the connection is lost, according to the last statement.
    package var isLost: Bool { PQstatus(connection) != CONNECTION_OK }
    /// Whether the next statement can begin: the last one has ended, and no transaction is open.
    package var isIdle: Bool { !isLost && PQtransactionStatus(connection) == PQTRANS_IDLE }

    // MARK: - Statements

    /// Runs one statement and returns its rows, all of them in memory: for small answers.
    package func run(_ sql: String, _ arguments: [String?], _ wait: Wait) throws(PostgreSQLFault) -> [PostgreSQLRow] {
        var rows: [PostgreSQLRow] = []
        try send(sql, arguments, wait)
        try eachResult(wait) { result in
            for row in 0..<PQntuples(result) { rows.append(PostgreSQLRow(result, row)) }
        }
        return rows
    }

    /// Runs one query and passes each row on as it comes, with constant memory; `body` returns whether it
    /// wants another.
    package func stream(_ sql: String, _ arguments: [String?], _ wait: Wait, _ body: (PostgreSQLRow) -> Bool) throws(PostgreSQLFault) {
        try send(sql, arguments, wait)
        PQsetSingleRowMode(connection)
        var goesOn = true
        try eachResult(wait) { result in
            passed = received ?? 0
            guard goesOn, PQntuples(result) > 0 else { return }
            goesOn = body(PostgreSQLRow(result, 0))
        }
    }

    /// Runs a script of several statements, one transaction; for migrations.
    package func run(script: String, _ wait: Wait) throws(PostgreSQLFault) {
        passed = received ?? 0
        guard PQsendQuery(connection, script) == 1 else { throw .lost }
        try flush(wait)
        try eachResult(wait) { _ in }
    }

    // MARK: - Copying

    /// Begins `COPY … FROM STDIN` with data in its text form; one statement, so all rows or none. The connection does nothing else until
    /// `endCopy`; if it is given up in between, nothing is copied.
    package func beginCopy(_ sql: String, _ wait: Wait) throws(PostgreSQLFault) {
        try send(sql, [], wait)
        guard let result = try nextResult(wait) else { throw .takesNoData }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COPY_IN else { throw fault(of: result) }
    }

    /// Sends a piece of the data, cut anywhere, after `beginCopy`.
    package func put(_ piece: [UInt8], _ wait: Wait) throws(PostgreSQLFault) {
        guard !piece.isEmpty else { return }
        while true {
            let code = piece.withUnsafeBytes { bytes in
                PQputCopyData(connection, bytes.withMemoryRebound(to: CChar.self) { $0.baseAddress }, Int32(clamping: bytes.count))
            }
            if code == 1 { return try flush(wait) }
            guard code == 0 else { throw .lost }
            try makeRoom(wait)
        }
    }

    /// Ends the copy; returns when the server has done it, with the number of rows that it stored; nil if it doesn't say.
    package func endCopy(_ wait: Wait) throws(PostgreSQLFault) -> Int? {
        while true {
            let code = PQputCopyEnd(connection, nil)
            if code == 1 { break }
            guard code == 0 else { throw .lost }
            try makeRoom(wait)
        }
        var stored: Int?
        try eachResult(wait) { result in stored = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } }
        return stored
    }

    // MARK: - Notifications

    /// Reads what has arrived, without waiting.
    package func consume() throws(PostgreSQLFault) {
        guard PQconsumeInput(connection) == 1 else { throw .lost }
        keepNotifications()
    }

    /// The notifications since the last call.
    package func takeNotifications() -> [String] {
        keepNotifications()
        passed = received ?? 0
        defer { notifications = [] }
        return notifications
    }

    private func keepNotifications() {
        while let notification = PQnotifies(connection) {
            defer { PQfreemem(notification) }
            guard notifications.count < Self.mostNotifications, let payload = notification.pointee.extra else { continue }
            if strlen(payload) < Self.longestNotification { notifications.append(String(cString: payload)) }
        }
    }

    // MARK: - Waiting

    private func send(_ sql: String, _ arguments: [String?], _ wait: Wait) throws(PostgreSQLFault) {
        passed = received ?? 0
        let code = CStrings.with(arguments) { values in
            PQsendQueryParams(connection, sql, Int32(arguments.count), nil, arguments.isEmpty ? nil : values, nil, nil, 0)
        }
        guard code == 1 else { throw .lost }
        try flush(wait)
    }

    /// Sends everything in libpq's buffer, so that it stays small.
    private func flush(_ wait: Wait) throws(PostgreSQLFault) {
        while true {
            let code = PQflush(connection)
            if code == 0 { return }
            guard code == 1 else { throw .lost }
            try makeRoom(wait)
        }
    }

    private func makeRoom(_ wait: Wait) throws(PostgreSQLFault) {
        try becomesReady(POLLIN | POLLOUT, wait)
        // The server may be sending instead of reading.
        try consume()
    }

    /// Reads every result to its end; the first fault is thrown.
    private func eachResult(_ wait: Wait, _ body: (OpaquePointer) -> Void) throws(PostgreSQLFault) {
        var first: PostgreSQLFault?
        while let result = try nextResult(wait) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY: if first == nil { body(result) }
            // libpq would say the same for ever, and never come to the end of the answer.
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw .garbled
            default: first = first ?? fault(of: result)
            }
        }
        if let first { throw first }
    }

    private func nextResult(_ wait: Wait) throws(PostgreSQLFault) -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            try becomesReady(POLLIN, wait)
            try consume()
        }
        return PQgetResult(connection)
    }

    private func becomesReady(_ events: Int32, _ wait: Wait) throws(PostgreSQLFault) {
        switch wait(PQsocket(connection), events) {
        case .ready: if let received, received &- passed > mostUnread { throw .tooMuch }
        case .late: throw .silent
        case .stopped: throw .stopped
        }
    }

    /// Bytes that have arrived, also those that nobody has read yet (`tcpi_bytes_received` of Linux' `tcp_info`); nil for a Unix
    /// socket.
    private var received: UInt64? {
        var information = [UInt64](repeating: 0, count: 29)
        var length = socklen_t(29 * 8)
        guard getsockopt(PQsocket(connection), Int32(IPPROTO_TCP), TCP_INFO, &information, &length) == 0, length >= 17 * 8 else { return nil }
        return information[16]
    }

    private func fault(of result: OpaquePointer) -> PostgreSQLFault {
        guard let code = cpostgresql_sqlstate(result) else { return .lost }
        // Five letters or digits; a server could send anything instead, and the code is shown.
        guard strnlen(code, 6) == 5 else { return .garbled }
        let text = String(cString: code)
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) } ? .reported(text) : .garbled
    }
}
