import PostgreSQL

/// What is said of an export before it leaves.
package struct ExportClaim: Sendable {
    /// Whether an export may leave.
    package enum Verdict: Sendable, Hashable {
        /// It may, and is the caller's so many-th of the day in the whole fleet; nil where the database doesn't say.
        case go(ofDay: Int64?)
        /// The same request made this task before.
        case replay(task: String, total: Int64?, auditID: String)
        /// Another replica makes the call, or did until now.
        case wait
        /// The key is another request's.
        case conflict
        /// The key's call has an end that nobody knows.
        case unknown
        case dayFull
        /// Members still tell what a failover may have lost.
        case recovering
        case fenced
    }

    /// The id of its record: a UUID.
    package var id: String
    package var caller: String
    package var project: String
    package var operation: String
    /// The most exports of the caller in a day; nil without a limit.
    package var dailyLimit: Int?
    /// The digests of its idempotency key and of what is asked for, if it has one.
    package var key: [UInt8]?
    package var request: [UInt8]?

    package init(id: String, caller: String, project: String, operation: String) {
        self.id = id
        self.caller = caller
        self.project = project
        self.operation = operation
    }
}

extension Statement where Answer == ExportClaim.Verdict {
    static func begin(_ claim: ExportClaim, _ member: MemberName) -> Statement {
        Statement(
            "export_begin",
            member.arguments + [
                .id(claim.id), .text(claim.caller), .text(claim.project), .text(claim.operation), .count(claim.dailyLimit), .bytes(claim.key),
                .bytes(claim.request),
            ]
        ) { rows throws(FleetFault) in
            let row = try rows.one()
            switch row.text(0) {
            case "go": return .go(ofDay: row.integer(2))
            case "replay": return row.text(1).map { .replay(task: $0, total: row.integer(2), auditID: row.text(3) ?? "") } ?? .unknown
            case "wait": return .wait
            case "conflict": return .conflict
            case "unknown": return .unknown
            case "day_full": return .dayFull
            case "recovering": return .recovering
            case "fenced": return .fenced
            default: throw .refused("the server's answer to export_begin is none that this version knows")
            }
        }
    }
}
