import Assembly
import Audit
import Codecs
import Fleet
import Inquiry
import Policy

/// The output of `fleet status`.
struct FleetReport {
    let members: [MemberState]
    let lines: [LineState]
    let unknown: [ExportState]

    func text(_ layout: TableLayout) -> String {
        var parts: [String] = []
        if members.isEmpty { parts.append("No gateway has joined this fleet yet.\n") } else { parts.append(memberTable.text(layout)) }
        if Set(members.filter(\.isAlive).map(\.configuration)).count > 1 { parts.append("The members have different configurations.\n") }
        if !lines.isEmpty { parts.append(lineTable.text(layout)) }
        if !unknown.isEmpty { parts.append("Nobody knows the end of these exports:\n\n" + exportTable.text(layout)) }
        var text = parts.joined(separator: "\n")
        text.removeLast()
        return text
    }

    private var memberTable: TextTable {
        TextTable(
            ["STATE", "MEMBER", "SEEN", "EPOCH", "VERSION", "CONFIGURATION", "MODE", "JOURNAL"],
            members.map { member in
                [
                    member.isAlive ? "alive" : "gone", member.instance, "\(Timestamp(microseconds: member.seen))", "\(member.epoch)", member.version,
                    String(member.configuration.prefix(12)), member.mode, member.hasPushed ? "told" : "not told yet",
                ]
            }, isMarked: true)
    }

    private var lineTable: TextTable {
        TextTable(
            ["LINE", "PACE", "VERSION", "CHANGED"],
            lines.map { [$0.line, $0.isPaced ? "paced" : "not paced", "\($0.version)", "\(Timestamp(microseconds: $0.changed))"] })
    }

    private var exportTable: TextTable {
        TextTable(
            ["EXPORT", "CALLER", "PROJECT", "OPERATION", "MEMBER", "BEGUN"],
            unknown.map { [$0.id, $0.caller, $0.project, $0.operation, $0.instance, "\(Timestamp(microseconds: $0.begun))"] })
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

    /// For texts from the database: anyone who can write there chooses their characters, and a terminal may show them.
    private static func quote(_ text: String) -> String { JSONString.quoted(PrintableText.line(text)) }
}
