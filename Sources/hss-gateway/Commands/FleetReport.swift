import Assembly
import Audit
import Fleet
import Policy

/// What `fleet status` says.
struct FleetReport {
    let members: [MemberState]
    let lines: [LineState]
    let unknown: [ExportState]

    var text: String {
        var text: [String] = []
        if members.isEmpty { text.append("No gateway has joined this fleet yet.") }
        for member in members {
            let seen = Timestamp(microseconds: member.seen)
            let state = member.isAlive ? "alive" : "gone since \(seen)"
            let telling = member.hasPushed ? "" : ", has not told its journal yet"
            text.append(
                "member \(member.instance): \(state), epoch \(member.epoch), version \(member.version), configuration "
                    + "\(member.configuration.prefix(12)), mode \(member.mode)\(telling)")
        }
        if Set(members.filter(\.isAlive).map(\.configuration)).count > 1 { text.append("The members have different configurations.") }
        for line in lines {
            let pace = line.isPaced ? "paced" : "not paced"
            text.append("line \(line.line): \(pace), version \(line.version), changed \(Timestamp(microseconds: line.changed))")
        }
        for export in unknown {
            text.append(
                "export \(export.id) of \(export.caller) in \(export.project): nobody knows its end; \(export.operation) by \(export.instance)")
        }
        return text.joined(separator: "\n")
    }

    var jsonLines: String {
        let members = members.map { member in
            "{\"member\":\(Self.quote(member.instance)),\"alive\":\(member.isAlive),\"epoch\":\(member.epoch),"
                + "\"seen\":\"\(Timestamp(microseconds: member.seen))\",\"version\":\(Self.quote(member.version)),"
                + "\"shared_sha256\":\(Self.quote(member.configuration)),\"mode\":\(Self.quote(member.mode)),\"pushed\":\(member.hasPushed)}"
        }
        let lines = lines.map { line in
            "{\"line\":\(Self.quote(line.line)),\"paced\":\(line.isPaced),\"version\":\(line.version),"
                + "\"changed\":\"\(Timestamp(microseconds: line.changed))\"}"
        }
        return (members + lines).joined(separator: "\n")
    }

    /// Names of members and lines are printable ASCII.
    private static func quote(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
