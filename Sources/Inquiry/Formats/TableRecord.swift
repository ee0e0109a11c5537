/// Records as a table for terminals, one line each, whatever callers wrote into them.
enum TableRecord {
    private static let widths = [10, 27, 8, 16, 34, 8, 8, 6]

    private static let instanceWidth = 16

    static func header(isOfFleet: Bool) -> String { (isOfFleet ? "INSTANCE".padded(to: instanceWidth) + " " : "") + header }

    private static let header = row(["SEQ", "TIME", "PHASE", "CALLER", "OPERATION", "KIND", "OUTCOME", "STATUS"], "WHAT ELSE")

    static func line(_ record: JournalRecord, isOfFleet: Bool) -> String {
        (isOfFleet ? PlainText.line(record.instance ?? "?").padded(to: instanceWidth) + " " : "") + line(record)
    }

    private static func line(_ record: JournalRecord) -> String {
        var rest: [String] = []
        if let task = record[.taskID] { rest.append("task " + task) }
        if let file = record[.fileID] { rest.append("file " + file) }
        if let bytes = record[.responseBytes], record[.kind] == "download" { rest.append(bytes + " bytes") }
        if let code = record[.errorCode] { rest.append(code) }
        if let error = record[.upstreamError] { rest.append(error) }
        if let event = record[.event] { rest.append(event + (record[.detail].map { " " + $0 } ?? "")) }
        let cells = [RecordField.sequence, .time, .phase, .callerName, .operation, .kind, .outcome, .status].map { record[$0] ?? "-" }
        return row(cells, rest.joined(separator: ", "))
    }

    private static func row(_ cells: [String], _ last: String) -> String {
        var line = zip(cells, widths).map { PlainText.line($0).padded(to: $1) }.joined(separator: " ") + " " + PlainText.line(last)
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
