import Audit
import Codecs

/// Records as comma-separated values (RFC 4180), escaped so that a spreadsheet doesn't interpret a cell as a
/// formula.
enum CSVRecord {
    /// The first columns. Their order never changes, since users' spreadsheets depend on it.
    private static let established: [RecordField] = [
        .sequence, .time, .phase, .id, .requestID, .callerName, .callerMethod, .callerAddress, .operation, .kind, .method, .path, .query,
        .projectName,
        .projectID, .projectRegion, .enterpriseValue, .credentialName, .accessKeyTail, .decision, .rule, .errorCode, .reason, .status, .outcome,
        .source, .upstreamRequestID, .upstreamError, .requestBytes, .requestSHA256, .responseBytes, .responseSHA256, .taskID, .fileID,
        .recordTotalNum, .duration, .instance, .event, .detail,
    ]

    /// All columns: other members of a record come after the established ones.
    private static let columns = established + RecordField.allCases.filter { !established.contains($0) && $0 != .formatVersion }

    static let header = columns.map(\.column).joined(separator: ",") + "\r\n"

    static func line(_ record: JournalRecord) -> String {
        columns.map { cell(record[$0] ?? "") }.joined(separator: ",") + "\r\n"
    }

    /// One cell. Where a spreadsheet would interpret a text as a formula, it is prefixed with an apostrophe, which marks a text in spreadsheets
    /// (OWASP, CSV injection); a plain number is not a formula. This is done at the beginning, and after every character that any spreadsheet locale
    /// treats as the end of a cell: where `;` is the separator, quotation marks that don't begin a cell protect nothing.
    static func cell(_ text: String) -> String {
        var cell = ""
        var isAtBeginning = true
        let isNumber = Int64(text) != nil
        for scalar in PrintableText.lines(text).unicodeScalars {
            let isRisky = dangerous.contains(scalar.value) && (cell.isEmpty || !scalar.properties.isWhitespace)
            if isAtBeginning, isRisky, !isNumber { cell.append("'") }
            isAtBeginning = separators.contains(scalar) || isAtBeginning && scalar.properties.isWhitespace
            cell.unicodeScalars.append(scalar)
        }
        guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D || $0 == 0x3B || $0 == 0x09 }) else { return cell }
        // By scalars: a quotation mark with a combining accent is another character for Swift, but still a quotation mark for a reader of the
        // file. One at a time: appending several moves everything before them.
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { quoted.append(scalar) }
            quoted.append(scalar)
        }
        return String(quoted) + "\""
    }

    /// Characters that end a cell or a text in some locale.
    private static let separators: Set<Unicode.Scalar> = [",", ";", "\t", "\n", "\r", "|", "\"", "'"]

    /// `=`, `+`, `-`, `@`, tab, carriage return, line feed, and the full-width and small forms that some spreadsheets treat like them.
    private static let dangerous: Set<UInt32> = [
        0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20, 0x2212, 0xFE62, 0xFE63, 0xFE66,
        0xFE6B,
    ]
}
