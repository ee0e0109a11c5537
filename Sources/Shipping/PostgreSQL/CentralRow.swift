import Audit

/// A record as the central table has it: what queries look for, in columns of their own, and the line itself.
struct CentralRow: Equatable {
    static let columns = """
        instance, seq, time_us, phase, id, request_id, upstream_request_id, caller, operation, kind, project_name, project_id, outcome, \
        status, error_code, task_id, file_id
        """

    /// The columns' values in their order, as PostgreSQL writes them; nil for NULL.
    private(set) var values: [String?]

    /// Takes the columns out of a line; nothing when it is no record.
    init?(instance: String, sequence: UInt64, line: UnsafeRawBufferPointer) {
        guard let fields = RecordFields(line), let time = fields.time, let phase = fields.text("phase"), let id = fields.text("id") else {
            return nil
        }
        values = [
            instance, String(sequence), String(time.microseconds), phase, id, fields.text("request_id"), fields.text("upstream", "request_id"),
            fields.text("caller", "name"), fields.text("operation"), fields.text("kind"), fields.text("project", "name"),
            fields.text("project", "id"), fields.text("outcome"), fields.integer("status").map { String($0) }, fields.text("error_code"),
            fields.text("export", "task_id"), fields.text("export", "file_id"),
        ]
        values = values.map { $0.map(Self.storable) }
    }

    /// PostgreSQL's text can't hold the character NUL, which a hostile request may have put into a value.
    static func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    /// A row that was selected with `columns`.
    init(_ row: PostgreSQLRow) {
        values = (0..<Self.count).map { row.text($0) }
    }

    static let count = 17
}
