import Policy
import PostgreSQL
import Recollection

/// What is said of an export before it leaves.
package struct ExportClaim: Sendable {
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

/// Whether an export may leave.
package enum ExportVerdict: Sendable, Hashable {
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

extension Statement where Answer == ExportVerdict {
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

extension Statement where Answer == Bool {
    /// - Returns: whether the export's row changed; false when its end was known.
    static func end(_ id: String, _ end: ExportOutcome) -> Statement {
        var (task, total): (String?, Int64?) = (nil, nil)
        if case .made(let made, let count) = end { (task, total) = (made, count) }
        return Statement("export_end", [.id(id), .text(end.state), .flag(end != .failed), .text(task), .number(total)]) { rows throws(FleetFault) in
            try rows.one().text(0) == "ended"
        }
    }

    /// - Returns: whether the file is that task's.
    static func file(_ file: String, of task: String, in project: String) -> Statement {
        Statement("file_of", [.text(project), .text(task), .text(file)]) { rows throws(FleetFault) in try rows.one().text(0) == task }
    }

    /// - Returns: whether it is the first use.
    static func signature(_ mark: [UInt8], of key: String, dated seconds: Int64) -> Statement {
        Statement("signature_use", [.text(key), .bytes(mark), .number(seconds &* 1_000_000)]) { rows throws(FleetFault) in
            try rows.one().flag(0)
        }
    }

    static func retain() -> Statement { Statement("retain", []) { rows throws(FleetFault) in try rows.one().flag(0) } }
}

/// Whose export it is, as far as the fleet knows.
package struct ExportOwners: Sendable, Hashable {
    /// Nil when nobody of ours is known to have made it.
    package let owners: [String]?
    /// Nobody may say that it is no one's: an export of another caller has no known end, or a member has not told its journal yet.
    package let isDoubtful: Bool
    /// For `any`: another caller has a task in the project.
    package let hasOthers: Bool
}

extension Statement where Answer == ExportOwners {
    static func owners(_ name: ExportName, in project: String, for caller: String) -> Statement {
        var (task, file): (String?, String?) = (nil, nil)
        switch name {
        case .task(let id): task = id
        case .file(let id): file = id
        case .any: break
        }
        return Statement(
            "owners_of", [.text(project), .text(task), .text(file), .text(caller)],
            columns: "array_to_string(q.owners, E'\\n'), q.doubt, q.others"
        ) { rows throws(FleetFault) in
            let row = try rows.one()
            return ExportOwners(owners: row.lines(0), isDoubtful: row.flag(1), hasOthers: row.flag(2))
        }
    }
}

extension Statement where Answer == Int64 {
    /// What a journal says of exports and files, as a JSON array.
    static func push(_ json: String, _ member: MemberName) -> Statement {
        Statement("export_push", member.arguments + [.json(json)]) { rows throws(FleetFault) in
            guard let count = try rows.one().integer(0) else { throw .fenced }
            return count
        }
    }

    /// Marks of reads' signatures.
    static func signatures(_ uses: [SharedSignature]) -> Statement {
        Statement(
            "signatures_used",
            [
                .list("text", uses.map(\.key)), .list("bytea", uses.map { $0.mark.bytea }),
                .list("bigint", uses.map { String($0.seconds &* 1_000_000) }),
            ]
        ) { rows throws(FleetFault) in try rows.one().integer(0) ?? 0 }
    }
}

/// A signature of a virtual key that was used.
package struct SharedSignature: Sendable {
    /// The key's id.
    package let key: String
    /// Half of the signature.
    package let mark: [UInt8]
    /// The date that it has, seconds since 1970.
    package let seconds: Int64

    package init(key: String, mark: [UInt8], seconds: Int64) {
        self.key = key
        self.mark = mark
        self.seconds = seconds
    }
}
