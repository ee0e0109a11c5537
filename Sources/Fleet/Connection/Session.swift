import Glibc
import PostgreSQL

/// One connection to the fleet's database, used by one thread: each wait has a deadline and ends when the wake bell rings.
///
/// 1. Nothing depends on the session's state, so that PgBouncer may give the server's connection to other clients between two
///    statements.
/// 2. After any fault except one that the server reported, the session can't be used any more; its owner drops it.
final class Session {
    /// Where it leads, a secret.
    let url: String
    private let session: PostgreSQLSession
    private let stop: WakeBell
    private let schema: String

    /// Connects. The URL is a secret: no message has any part of it.
    init(url: String, schema: String, stop: WakeBell, by deadline: Duration) throws(FleetFault) {
        self.url = url
        self.stop = stop
        self.schema = schema
        do throws(PostgreSQLFault) {
            session = try PostgreSQLSession(
                url: url, .init(idle: 5, interval: 2, count: 2, userTimeoutMilliseconds: 3_000), Self.waiting(by: deadline, stop))
        } catch {
            throw .of(error, schema: schema)
        }
        // The server's own limit; behind PgBouncer this may set it on another connection of the same role, which has the same limit.
        _ = try run("SET statement_timeout = 2000", [], by: deadline)
    }

    /// Whether the next statement can be sent.
    var isIdle: Bool { session.isIdle }

    /// Runs one statement and gives its rows, all of them in memory: the answers here are small.
    func run(_ sql: String, _ arguments: [String?], by deadline: Duration) throws(FleetFault) -> [Row] {
        do throws(PostgreSQLFault) {
            return try session.run(sql, arguments, Self.waiting(by: deadline, stop))
        } catch {
            throw .of(error, schema: schema)
        }
    }

    /// Runs a script of several statements, one transaction; for migrations.
    func run(script: String, by deadline: Duration) throws(FleetFault) {
        do throws(PostgreSQLFault) {
            try session.run(script: script, Self.waiting(by: deadline, stop))
        } catch {
            throw .of(error, schema: schema)
        }
    }

    /// Sleeps until a notification comes, until that time, or until the bell rings; returns the
    /// notifications.
    func notifications(until time: Duration) throws(FleetFault) -> [String] {
        let payloads = session.takeNotifications()
        guard payloads.isEmpty else { return payloads }
        var requests = [
            pollfd(fd: session.descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&requests, 2, (time - Uptime.now).pollMilliseconds)
        do throws(PostgreSQLFault) { try session.consume() } catch { throw .of(error, schema: schema) }
        return session.takeNotifications()
    }

    private static func waiting(by deadline: Duration, _ stop: WakeBell) -> PostgreSQLSession.Wait {
        { descriptor, events in
            var requests = [
                pollfd(fd: descriptor, events: Int16(events), revents: 0), pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            while true {
                let rest = deadline - Uptime.now
                guard rest > .zero else { return .late }
                guard poll(&requests, 2, rest.pollMilliseconds) > 0 else { continue }
                return requests[0].revents != 0 ? .ready : .stopped
            }
        }
    }
}
