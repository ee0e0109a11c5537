import PostgreSQL

/// A member as the database knows it: its name, and the epoch of its present start.
package struct MemberName: Sendable, Hashable {
    package let instance: String
    package let epoch: Int64

    var arguments: [Argument] { [.text(instance), .number(epoch)] }
}

/// What a member says of itself with each beat.
struct BeatReport: Sendable {
    let version: String
    /// The digest of what all members' configurations must have in common.
    let configuration: String
    let mode: FleetMode
    /// How far the database's clock is ahead of this machine's wall clock, microseconds.
    let clockOffset: Int64
}

/// What comes back from a beat.
package struct BeatAnswer: Sendable, Hashable {
    /// Whether this member may change something.
    package enum Standing: Sendable, Hashable {
        case alive
        /// A newer start of a process with the same name is alive.
        case superseded
        /// Nobody of this name is alive: it was silent for too long.
        case lapsed
    }

    package let standing: Standing
    /// The server's timeline; another one after a failover.
    let timeline: String
    /// How far this member's journal has been told there, and on which timeline.
    let pushedTimeline: String
    let pushedSequence: Int64
    /// Whether nobody's knowledge is missing there.
    package let isSettled: Bool
    /// Live members, and how many different configurations they have.
    package let members: Int64
    package let configurations: Int64
    package let openExports: Int64
    package let unknownExports: Int64
}

/// Who decides what all gateways have to agree about.
package enum FleetMode: String, Sendable, Hashable {
    /// The database.
    case shared
    /// Each gateway for itself, because an operator said so.
    case local
}

extension Statement where Answer == Int64 {
    static func join(_ instance: String, version: String, configuration: String) -> Statement {
        Statement("join_fleet", [.text(instance), .text(version), .text(configuration)]) { rows throws(FleetFault) in
            guard let epoch = try rows.one().integer(0) else { throw .refused("the server gave no epoch") }
            return epoch
        }
    }

    /// The version of the schema.
    static func schemaVersion() -> Statement {
        Statement("schema_now", []) { rows throws(FleetFault) in try rows.one().integer(0) ?? 0 }
    }
}

extension Statement where Answer == BeatAnswer {
    static func beat(_ member: MemberName, _ report: BeatReport) -> Statement {
        Statement(
            "beat",
            member.arguments + [
                .text(report.version), .text(report.configuration), .text(report.mode.rawValue), .number(report.clockOffset),
            ]
        ) { rows throws(FleetFault) in
            let row = try rows.one()
            let standing: BeatAnswer.Standing
            switch row.text(0) {
            case "alive": standing = .alive
            case "superseded": standing = .superseded
            default: standing = .lapsed
            }
            return BeatAnswer(
                standing: standing, timeline: row.text(1) ?? "", pushedTimeline: row.text(2) ?? "", pushedSequence: row.integer(3) ?? 0,
                isSettled: row.flag(4), members: row.integer(5) ?? 0, configurations: row.integer(6) ?? 0, openExports: row.integer(7) ?? 0,
                unknownExports: row.integer(8) ?? 0)
        }
    }
}

extension Statement where Answer == Bool {
    static func leave(_ member: MemberName) -> Statement {
        Statement("leave_fleet", member.arguments) { rows throws(FleetFault) in try rows.one().flag(0) }
    }

    /// - Returns: false when the timeline is another one by now.
    static func pushed(_ member: MemberName, timeline: String, upTo sequence: Int64) -> Statement {
        Statement("pushed", member.arguments + [.text(timeline), .number(sequence)]) { rows throws(FleetFault) in try rows.one().flag(0) }
    }
}

/// What a member hears with each beat.
struct Heard: Sendable {
    var pacedLines: [String] = []
    var revokedKeys: Set<String> = []
    /// Keys that are not proven, as their notifications name them.
    var trust: [String] = []
    /// What callers with a limit on that have under way at other members.
    var elsewhere: [String: Int] = [:]
}

extension Statement where Answer == Heard {
    static func heard(_ instance: String) -> Statement {
        Statement("news", [.text(instance)]) { rows throws(FleetFault) in
            var heard = Heard()
            for row in rows {
                guard let name = row.text(1) else { continue }
                switch row.text(0) {
                case "l": heard.pacedLines.append(name)
                case "r": heard.revokedKeys.insert(name)
                case "t": heard.trust.append("t" + name)
                case "c": heard.elsewhere[name] = Int(clamping: row.integer(2) ?? 0)
                // Something that only a newer program knows.
                default: break
                }
            }
            return heard
        }
    }
}

extension Statement where Answer == Bool {
    static func revoke(_ key: String) -> Statement {
        Statement("revoke_key", [.text(key)]) { rows throws(FleetFault) in try rows.one().flag(0) }
    }
}

/// A member as operators see it.
package struct MemberState: Sendable, Hashable {
    package let instance: String
    package let epoch: Int64
    package let isAlive: Bool
    /// Microseconds since 1970.
    package let started: Int64
    package let seen: Int64
    package let version: String
    package let configuration: String
    package let mode: String
    package let clockOffset: Int64
    /// Whether it has told its journal on the present timeline.
    package let hasPushed: Bool
}

extension Statement where Answer == [MemberState] {
    static func members() -> Statement {
        Statement("member_list", []) { rows throws(FleetFault) in
            rows.map { row in
                MemberState(
                    instance: row.text(0) ?? "", epoch: row.integer(1) ?? 0, isAlive: row.flag(2), started: row.integer(3) ?? 0,
                    seen: row.integer(4) ?? 0, version: row.text(5) ?? "", configuration: row.text(6) ?? "", mode: row.text(7) ?? "",
                    clockOffset: row.integer(8) ?? 0, hasPushed: row.flag(9))
            }
        }
    }
}

/// An export as operators see it.
package struct ExportState: Sendable, Hashable {
    package let id: String
    package let state: String
    package let caller: String
    package let project: String
    package let operation: String
    package let task: String?
    package let instance: String
    /// Microseconds since 1970.
    package let begun: Int64
}

extension Statement where Answer == [ExportState] {
    /// - Parameter state: `open`, `unknown`, `made` or `failed`.
    static func exports(in state: String) -> Statement {
        Statement("export_list", [.text(state)]) { rows throws(FleetFault) in
            rows.map { row in
                ExportState(
                    id: row.text(0) ?? "", state: row.text(1) ?? "", caller: row.text(2) ?? "", project: row.text(3) ?? "",
                    operation: row.text(4) ?? "", task: row.text(5), instance: row.text(6) ?? "", begun: row.integer(7) ?? 0)
            }
        }
    }
}

/// What became of an operator's word about an export.
package enum Resolution: String, Sendable, Hashable {
    case ended
    /// Its end is known already.
    case settled
    case missing
}

extension Statement where Answer == Resolution {
    /// - Parameter task: the task that HSS made; nil when it made none.
    static func resolve(_ id: String, task: String?, reason: String) -> Statement {
        Statement("export_resolve", [.id(id), .text(task), .text(reason)]) { rows throws(FleetFault) in
            switch try rows.one().text(0) {
            case "ended": .ended
            case "missing": .missing
            default: .settled
            }
        }
    }
}
