import Audit
import PostgreSQL

/// A record as a row of the central table: the members that queries search for, in columns of their own, and
/// the line itself.
struct CentralRow: Equatable {
    /// The columns, in the table's order. A member that is added here needs a step in `CentralSchema` that adds its column.
    static let fields: [RecordField] = [
        .instance, .sequence, .time, .phase, .id, .requestID, .upstreamRequestID, .callerName, .operation, .kind, .projectName, .projectID, .outcome,
        .status, .errorCode, .taskID, .fileID,
    ]

    /// Their names, as SQL lists them.
    static let columns = fields.map(\.databaseColumn).joined(separator: ", ")

    /// The columns' values in their order, as PostgreSQL writes them; nil for NULL.
    private(set) var values: [String?]

    /// Extracts the columns from a line; nil when it is not a record.
    init?(instance: String, sequence: UInt64, line: UnsafeRawBufferPointer) {
        guard let record = RecordFields(line), let time = record.time, record.text(.phase) != nil, record.text(.id) != nil else { return nil }
        values = Self.fields.map { field in
            switch field {
            case .instance: Self.storable(instance)
            case .sequence: String(sequence)
            case .time: String(time.microseconds)
            default: field.type == .integer ? record.integer(field).map { String($0) } : record.text(field).map(Self.storable)
            }
        }
    }

    /// PostgreSQL's text can't hold the character NUL, which a hostile request may have put into a value.
    static func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    /// A row that was selected with `columns`.
    init(_ row: PostgreSQLRow) {
        values = Self.fields.indices.map { row.text($0) }
    }
}
