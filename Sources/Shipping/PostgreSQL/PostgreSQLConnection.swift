import Audit
import Glibc
package import PostgreSQL

/// One connection to the database of the central copy, used by one thread. Every wait is bounded by a time and by the stop.
package final class PostgreSQLConnection {
    /// The timeout for connecting, for an answer, and for sending data.
    static let usualPatience = Duration.seconds(30)
    /// The timeout of the present statement.
    var patience = PostgreSQLConnection.usualPatience
    /// The statement timeout of the server; shorter than our own wait, so that its error still arrives.
    private static let statementTimeoutMilliseconds = 25_000
    /// About how much is passed to libpq at once.
    static let pieceBytes = 64 << 10

    private let session: PostgreSQLSession
    private let stop: StopSignal

    /// Connects. The URL is a secret: no message contains any part of it.
    package init(url: String, stop: StopSignal) throws(SinkFailure) {
        self.stop = stop
        let end = StopSignal.uptime() + Self.usualPatience.wholeNanoseconds
        do throws(PostgreSQLFault) {
            session = try PostgreSQLSession(
                url: url, .init(idle: 10, interval: 5, count: 3, userTimeoutMilliseconds: 30_000), Self.waiting(until: end, stop))
        } catch {
            throw SinkFailure(error)
        }
        try run("SET statement_timeout = \(Self.statementTimeoutMilliseconds)")
    }

    /// Whether the connection is lost, and whether the next statement can begin.
    var isLost: Bool { session.isLost }
    var isIdle: Bool { session.isIdle }

    /// Runs one statement and returns its rows, all of them in memory: for statements with small answers.
    @discardableResult
    package func run(_ sql: String, _ arguments: [String] = []) throws(SinkFailure) -> [PostgreSQLRow] {
        do throws(PostgreSQLFault) { return try session.run(sql, arguments, waiting(inAll: patience)) } catch { throw SinkFailure(error) }
    }

    /// Runs one query and passes each row on as it comes, with constant memory; `body` returns whether to go
    /// on.
    package func stream(_ sql: String, _ arguments: [String], _ body: (PostgreSQLRow) throws(SinkFailure) -> Bool) throws(SinkFailure) {
        var failure: SinkFailure?
        do throws(PostgreSQLFault) {
            try session.stream(sql, arguments, waiting) { row in
                do throws(SinkFailure) {
                    return try body(row)
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            throw failure ?? SinkFailure(error)
        }
        if let failure { throw failure }
    }

    /// Begins `COPY … FROM STDIN` with data in its text form; one statement, so all rows or none. The connection does nothing else until
    /// `endCopy`; if it is given up in between, nothing is copied.
    func beginCopy(_ sql: String) throws(SinkFailure) {
        do throws(PostgreSQLFault) { try session.beginCopy(sql, waiting) } catch { throw SinkFailure(error) }
    }

    func put(_ piece: [UInt8]) throws(SinkFailure) {
        do throws(PostgreSQLFault) { try session.put(piece, waiting) } catch { throw SinkFailure(error) }
    }

    /// Ends the copy; returns when the server has done it, with the number of rows that it stored; nil if it doesn't say.
    func endCopy() throws(SinkFailure) -> Int? {
        do throws(PostgreSQLFault) { return try session.endCopy(waiting(inAll: patience)) } catch { throw SinkFailure(error) }
    }

    private var waiting: PostgreSQLSession.Wait {
        { [stop, patience] descriptor, events in stop.wait(for: descriptor, events, timeout: patience) ? .ready : .late }
    }

    /// A server that sends a byte now and then holds up nobody for longer than one that sends none.
    private func waiting(inAll patience: Duration) -> PostgreSQLSession.Wait {
        // Bounded: hours after the machine's start.
        Self.waiting(until: StopSignal.uptime() + patience.wholeNanoseconds, stop)
    }

    private static func waiting(until end: Int64, _ stop: StopSignal) -> PostgreSQLSession.Wait {
        { descriptor, events in
            let rest = Duration.nanoseconds(end - StopSignal.uptime())
            return rest > .zero && stop.wait(for: descriptor, events, timeout: rest) ? .ready : .late
        }
    }
}

extension SinkFailure {
    fileprivate init(_ fault: PostgreSQLFault) {
        if case .reported(let code) = fault { self = PostgreSQLCode.failure(code) } else { self.init(fault.sentence) }
    }
}
