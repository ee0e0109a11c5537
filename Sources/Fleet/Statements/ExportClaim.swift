import PostgreSQL

/// What is reported of an export before it is sent.
package struct ExportClaim: Sendable {
    /// Whether an export may be sent.
    package enum Verdict: Sendable, Hashable {
        /// It may, and is the caller's export of the day with that number in the whole fleet; nil if the database
        /// doesn't return it.
        case go(ofDay: Int64?)
        /// The same request created this task before.
        case replay(task: String, total: Int64?, auditID: String)
        /// Another gateway makes the call, or did until now.
        case wait
        /// The key belongs to another request.
        case conflict
        /// The call with this key has an unknown end.
        case unknown
        case dayFull
        /// Members still report what a failover may have lost.
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
    /// The digests of its idempotency key and of its request, if it has a key.
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
