import Audit
import Codecs

/// Records as a table for terminals, one row each; control characters in callers' texts are escaped.
enum TableRecord {
    private static let columns: [(title: String, field: RecordField, column: TableLayout.Column)] = [
        ("SEQ", .sequence, .init(full: 10, least: 10)), ("TIME", .time, .init(full: 27, least: 19, goes: 3)),
        ("PHASE", .phase, .init(full: 8, least: 8, goes: 1)), ("CALLER", .callerName, .init(full: 16, least: 10, goes: 2)),
        ("OPERATION", .operation, .init(full: 34, least: 18)), ("KIND", .kind, .init(full: 8, least: 8, goes: 1)),
        ("OUTCOME", .outcome, .init(full: 8, least: 7)), ("STATUS", .status, .init(full: 6, least: 6, goes: 1)),
    ]

    private static let instance = TableLayout.Column(full: 16, least: 8)

    static func header(isOfFleet: Bool, _ layout: TableLayout) -> String {
        let row = row(["INSTANCE"] + columns.map(\.title), "WHAT ELSE", isOfFleet: isOfFleet, layout)
        return layout.heading(String(row.dropLast())) + "\n"
    }

    static func line(_ record: JournalRecord, isOfFleet: Bool, _ layout: TableLayout) -> String {
        var rest: [String] = []
        if let task = record[.taskID] { rest.append("task " + task) }
        if let file = record[.fileID] { rest.append("file " + file) }
        if let bytes = record[.responseBytes], record[.kind] == "download" { rest.append(bytes + " bytes") }
        if let code = record[.errorCode] { rest.append(code) }
        if let error = record[.upstreamError] { rest.append(error) }
        if let event = record[.event] { rest.append(event + (record[.detail].map { " " + $0 } ?? "")) }
        let cells = [record.instance ?? "?"] + columns.map { record[$0.field] ?? "-" }
        return row(cells, rest.joined(separator: ", "), isOfFleet: isOfFleet, layout)
    }

    /// - Parameter cells: the instance first.
    private static func row(_ cells: [String], _ last: String, isOfFleet: Bool, _ layout: TableLayout) -> String {
        let columns = (isOfFleet ? [instance] : []) + columns.map(\.column)
        let widths = layout.fit(columns)
        var line = ""
        var used = 0
        for (index, (cell, width)) in zip(isOfFleet ? cells : Array(cells.dropFirst()), widths).enumerated() where width > 0 {
            let text = PrintableText.line(cell)
            // Without a terminal a long name is not shortened, and the columns after it move.
            let shown = width < columns[index].full || layout.width != nil ? cut(text, to: width) : text
            let padded = shown.padded(to: width)
            used += padded.count + 1
            let isOutcome = index == columns.count - 2
            line += (isOutcome ? layout.outcome(text, padded: padded) : padded) + " "
        }
        line += layout.wrapped(PrintableText.line(last), behind: used)
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }

    /// A time is cut to its seconds; other texts get a mark that they were cut.
    private static func cut(_ text: String, to width: Int) -> String {
        guard text.count > width else { return text }
        let isTime = text.count == 27 && text.hasSuffix("Z") && width == 19
        return isTime ? String(text.prefix(width)) : text.prefix(width - 1) + "…"
    }
}
