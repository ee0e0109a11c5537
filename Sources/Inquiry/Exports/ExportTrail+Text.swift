import Audit
import Codecs

extension ExportTrail {
    /// The trail for a terminal: one line for each step; polls with the same caller and outcome are combined.
    package var text: String {
        var lines = ["export \(taskID.map(PrintableText.line) ?? "(its creation is not in this journal)"): \(state.rawValue)\(limitOfState)"]
        if let creation {
            lines.append("  asked for  \(PrintableText.line(creation[.operation] ?? "")) in \(Self.project(creation))\(Self.filters(creation))")
        } else if taskID != nil {
            lines.append("  asked for  (its creation is not among these records)")
        }
        if let rows { lines.append("  rows       \(rows)") }
        for id in fileIDs { lines.append("  file       \(PrintableText.line(id))") }
        if case .copies(let members, let time) = coverage { for member in members { lines.append(Self.line(member, asOf: time)) } }
        lines.append("")
        var index = 0
        while index < steps.count {
            let (step, record) = steps[index]
            var last = index
            if step == .poll {
                // Bounded: indices of a list in memory.
                while last + 1 < steps.count, steps[last + 1].step == .poll, Self.isSame(steps[last + 1].record, record) { last += 1 }
            }
            // Bounded: indices of a list in memory.
            lines.append(line(step, record, count: last - index + 1))
            index = last + 1
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var limitOfState: String {
        guard mayHaveMore else { return "" }
        if case .copies = coverage { return ", as far as was shipped" }
        return ", as far as this gateway's own journal knows; others of its fleet may have done more"
    }

    private static func line(_ member: FleetArchive.Member, asOf time: Timestamp) -> String {
        "  shipped    \(PrintableText.line(member.instance)) up to record \(member.end - 1) of \(member.newest), \(member.age(at: time)) s ago"
    }

    private static func isSame(_ left: JournalRecord, _ right: JournalRecord) -> Bool {
        left[.callerName] == right[.callerName] && left[.outcome] == right[.outcome] && left[.fileID] == right[.fileID]
    }

    private func line(_ step: Step, _ record: JournalRecord, count: Int) -> String {
        var line = "  \(record[.time] ?? "")  \(step.rawValue.padded(to: 8))  \((record[.outcome] ?? "no end known").padded(to: 12))  "
        line += PrintableText.line(record[.callerName].flatMap { $0.isEmpty ? nil : $0 } ?? "unknown caller")
        line += " from \(PrintableText.line(record[.callerAddress] ?? "?"))"
        if count > 1 { line += ", \(count) times" }
        if step == .download {
            if let range = record.contentRange { line += ", the part \(range.text)" }
            if let bytes = record.integer(.responseBytes) { line += ", \(bytes) bytes" }
            if let digest = record[.responseSHA256] { line += ", sha256 \(digest)" }
        }
        if let error = record[.upstreamError] ?? record[.errorCode] { line += ", \(PrintableText.line(error))" }
        if let reason = record[.reason] { line += ", because: \(PrintableText.line(reason))" }
        let place = isOfSeveral ? PrintableText.line(record.instance ?? "?") + " " : ""
        return line + "  [\(place)\(record.sequence)]"
    }

    private static func project(_ record: JournalRecord) -> String {
        PrintableText.line("\(record[.projectName] ?? "?") (\(record[.projectID] ?? "?"))")
    }

    private static func filters(_ record: JournalRecord) -> String {
        var text = record[.query].map { ", query \(PrintableText.line($0))" } ?? ""
        if let fields = record.raw(.requestFields) { text += ", body \(PrintableText.line(String(decoding: fields, as: UTF8.self)))" }
        return text
    }
}

extension String {
    /// Padded with spaces to a width.
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
