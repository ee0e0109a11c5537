import PostgreSQL

/// A line as shown to operators.
package struct LineState: Sendable, Hashable {
    /// The result of an attempt to store a line's state.
    package enum Verdict: Sendable, Hashable {
        case stored(version: Int64)
        /// Another gateway stored first: the state to compute over.
        case moved(LineState.Stored)
        /// The time that it was computed for is not the server's time.
        case clock(LineState.Stored)
        case fenced
    }

    /// The answer of a statement that stores.
    package struct Answer: Sendable, Hashable {
        package let verdict: Verdict
        /// The server's clock at that moment, microseconds since 1970.
        package let clock: Int64?
    }

    /// A queue for HSS's quota as stored in the database.
    package struct Stored: Sendable, Hashable {
        /// 0 when there is none yet.
        package var version: Int64
        /// The state machine's state; nil if it is that of the version that the caller has.
        package var state: [UInt8]?
    }

    package let line: String
    package let version: Int64
    package let isPaced: Bool
    /// Microseconds since 1970.
    package let changed: Int64
    package let state: [UInt8]
}

extension Statement where Answer == LineState.Answer {
    /// - Parameter time: the server's clock that the state was computed for, microseconds since 1970.
    static func put(_ line: String, over version: Int64, _ state: [UInt8], at time: Int64, isPaced: Bool, _ member: MemberName) -> Statement {
        Statement(
            "line_put",
            member.arguments + [.text(line), .number(version), .bytes(state), .number(time), .flag(isPaced)]
        ) { rows throws(FleetFault) in
            let row = try rows.one()
            let stored = LineState.Stored(version: row.integer(1) ?? 0, state: row.bytea(2))
            let verdict: LineState.Verdict
            switch row.text(0) {
            case "stored": verdict = .stored(version: stored.version)
            case "moved": verdict = .moved(stored)
            case "clock": verdict = .clock(stored)
            case "fenced": verdict = .fenced
            default: throw .refused("the server's answer to line_put is none that this version knows")
            }
            return LineState.Answer(verdict: verdict, clock: row.integer(row.count - 1))
        }
    }
}

extension Statement where Answer == LineState.Stored {
    static func line(_ line: String, since version: Int64) -> Statement {
        Statement("line_get", [.text(line), .number(version)]) { rows throws(FleetFault) in
            let row = try rows.one()
            return LineState.Stored(version: row.integer(0) ?? 0, state: row.bytea(1))
        }
    }
}

extension Statement where Answer == [LineState] {
    static func lines() -> Statement {
        Statement("line_list", []) { rows throws(FleetFault) in
            rows.map { row in
                LineState(
                    line: row.text(0) ?? "", version: row.integer(1) ?? 0, isPaced: row.flag(2), changed: row.integer(3) ?? 0,
                    state: row.bytea(4) ?? [])
            }
        }
    }
}
