internal import CPostgreSQL
import Glibc

/// One connection to the fleet's database through libpq, used by one thread. Only libpq's asynchronous calls are used, because each wait here has a
/// deadline and ends with the bell.
///
/// 1. Nothing depends on the session's state, so that PgBouncer may hand the server's connection to others between two statements.
/// 2. After any fault but one that the server reported, the session is of no use any more; its owner drops it.
final class Session {
    private let connection: OpaquePointer
    private let stop: WakeBell
    private let schema: String

    /// Connects. The URL is a secret: no message has any part of it.
    init(url: String, schema: String, stop: WakeBell, by deadline: Duration) throws(FleetFault) {
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") || url.contains("=") else {
            throw .refused("the connection URL doesn't begin with postgresql://")
        }
        // What stands behind `dbname` in the URL wins over what stands before it here.
        let parameters = [
            ("fallback_application_name", "hss-gateway"), ("client_encoding", "UTF8"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
            ("keepalives_count", "2"), ("tcp_user_timeout", "3000"), ("dbname", url),
        ]
        let started = Self.withCStrings(parameters.map(\.0)) { keywords in
            Self.withCStrings(parameters.map(\.1)) { values in PQconnectStartParams(keywords, values, 1) }
        }
        guard let started else { throw .unavailable("out of memory") }
        connection = started
        self.stop = stop
        self.schema = schema
        cpostgresql_silence(connection)
        // From here on a fault runs `deinit`, which ends the connection.
        try connect(by: deadline)
        // The bound that the server keeps; behind PgBouncer it may reach another connection of the same role, which has the same bound.
        _ = try run("SET statement_timeout = 2000", [], by: deadline)
    }

    deinit { PQfinish(connection) }

    private func connect(by deadline: Duration) throws(FleetFault) {
        guard PQstatus(connection) != CONNECTION_BAD else { throw .refused("the connection URL can't be used") }
        var direction = PGRES_POLLING_WRITING
        while direction == PGRES_POLLING_WRITING || direction == PGRES_POLLING_READING {
            try wait(for: direction == PGRES_POLLING_READING ? POLLIN : POLLOUT, by: deadline)
            direction = PQconnectPoll(connection)
        }
        guard direction == PGRES_POLLING_OK, PQsetnonblocking(connection, 1) == 0 else {
            throw PQconnectionNeedsPassword(connection) == 1
                ? .refused("the server asks for a password") : .unavailable("can't connect to the server, or it refused the login")
        }
    }

    /// Runs one statement and gives its rows, all of them in memory: the answers here are small.
    func run(_ sql: String, _ arguments: [String?], by deadline: Duration) throws(FleetFault) -> [Row] {
        let code = Self.withCStrings(arguments) { values in
            PQsendQueryParams(connection, sql, Int32(arguments.count), nil, arguments.isEmpty ? nil : values, nil, nil, 0)
        }
        guard code == 1 else { throw lost }
        try flush(by: deadline)
        var rows: [Row] = []
        var fault: FleetFault?
        while let result = try nextResult(by: deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: for row in 0..<PQntuples(result) { rows.append(Row(result, row)) }
            default: fault = fault ?? self.fault(of: result)
            }
        }
        if let fault { throw fault }
        return rows
    }

    /// Runs a script of several statements, one transaction; for migrations.
    func run(script: String, by deadline: Duration) throws(FleetFault) {
        guard PQsendQuery(connection, script) == 1 else { throw lost }
        try flush(by: deadline)
        var fault: FleetFault?
        while let result = try nextResult(by: deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
            default: fault = fault ?? self.fault(of: result)
            }
        }
        if let fault { throw fault }
    }

    /// Sleeps until something is notified, until that time, or until the bell rings; gives what was notified.
    func notifications(until time: Duration) throws(FleetFault) -> [String] {
        var payloads = takeNotifications()
        guard payloads.isEmpty else { return payloads }
        var requests = [
            pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0), pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&requests, 2, (time - Uptime.now).pollMilliseconds)
        guard PQconsumeInput(connection) == 1 else { throw lost }
        payloads = takeNotifications()
        return payloads
    }

    private func takeNotifications() -> [String] {
        var payloads: [String] = []
        while let notification = PQnotifies(connection) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }

    private func flush(by deadline: Duration) throws(FleetFault) {
        while true {
            let code = PQflush(connection)
            if code == 0 { return }
            guard code == 1 else { throw lost }
            try wait(for: POLLIN | POLLOUT, by: deadline)
            // The server may be talking to us instead of reading.
            guard PQconsumeInput(connection) == 1 else { throw lost }
        }
    }

    private func nextResult(by deadline: Duration) throws(FleetFault) -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            try wait(for: POLLIN, by: deadline)
            guard PQconsumeInput(connection) == 1 else { throw lost }
        }
        return PQgetResult(connection)
    }

    private func wait(for events: Int32, by deadline: Duration) throws(FleetFault) {
        var requests = [
            pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0), pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let rest = deadline - Uptime.now
            guard rest > .zero else { throw .unavailable("the server doesn't answer") }
            guard poll(&requests, 2, rest.pollMilliseconds) > 0 else { continue }
            if requests[0].revents != 0 { return }
            throw .unavailable("the gateway stops")
        }
    }

    private var lost: FleetFault { .unavailable("the connection to the server was lost") }

    private func fault(of result: OpaquePointer) -> FleetFault {
        guard let code = cpostgresql_sqlstate(result) else { return lost }
        return .of(String(cString: code), schema: schema)
    }

    /// Strings as C's array of pointers, with a null pointer behind the last; nil is a null pointer.
    private static func withCStrings<Result>(_ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        let copies = strings.map { text in text.flatMap { strdup($0) } }
        defer {
            for copy in copies { free(copy) }
        }
        let pointers = copies.map { copy in copy.map { UnsafePointer($0) } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
