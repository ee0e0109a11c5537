import PostgreSQL

/// What a member reports with each heartbeat.
struct BeatReport: Sendable {
    let version: String
    /// The digest of the settings that all members' configurations must have in common.
    let configuration: String
    let mode: FleetMember.Mode
    /// How far the database's clock is ahead of this machine's wall clock, microseconds.
    let clockOffset: Int64
}

/// The answer to a heartbeat.
package struct BeatAnswer: Sendable, Hashable {
    /// Whether this member may change something.
    package enum Standing: Sendable, Hashable {
        case alive
        /// A newer start with the same name is alive.
        case superseded
        /// No process with this name is alive: it was silent for too long.
        case lapsed
    }

    package let standing: Standing
    /// The server's timeline; another one after a failover.
    let timeline: String
    /// Up to which record this member's journal has been reported there, and on which timeline.
    let pushedTimeline: String
    let pushedSequence: Int64
    /// Whether the data there is complete.
    package let isSettled: Bool
    /// Live members, and how many different configurations they have.
    package let members: Int64
    package let configurations: Int64
    package let openExports: Int64
    package let unknownExports: Int64
}

extension BeatAnswer {
    /// PostgreSQL's has eight digits; a change of it is an event, which names it.
    fileprivate static func timeline(_ text: String?) -> String {
        String((text ?? "").prefix(64))
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
                standing: standing, timeline: BeatAnswer.timeline(row.text(1)), pushedTimeline: BeatAnswer.timeline(row.text(2)),
                pushedSequence: row.integer(3) ?? 0, isSettled: row.flag(4), members: row.integer(5) ?? 0,
                configurations: row.integer(6) ?? 0, openExports: row.integer(7) ?? 0,
                unknownExports: row.integer(8) ?? 0)
        }
    }
}

/// What a member gets with each heartbeat.
struct Heard: Sendable {
    var pacedLines: [String] = []
    var revokedKeys: Set<String> = []
    /// Keys that are not proven, as their notifications name them.
    var trust: [String] = []
    /// How many requests callers with a concurrency limit have under way at other members.
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
                // Something that only a newer program understands.
                default: break
                }
            }
            return heard
        }
    }
}
