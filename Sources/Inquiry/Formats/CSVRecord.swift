import Codecs
import Audit

/// Records as comma-separated values (RFC 4180) that a spreadsheet can't be attacked with.
enum CSVRecord {
    /// The columns: a name, and the field it shows.
    private static let columns: [(String, RecordField)] = [
        ("seq", .sequence), ("time", .time), ("phase", .phase), ("id", .id), ("request_id", .requestID), ("caller", .callerName),
        ("caller_method", .callerMethod), ("caller_address", .callerAddress), ("operation", .operation), ("kind", .kind), ("method", .method),
        ("path", .path), ("query", .query), ("project", .projectName), ("project_id", .projectID), ("region", .projectRegion),
        ("enterprise_project_id", .enterpriseValue), ("credential", .credentialName), ("access_key_tail", .accessKeyTail), ("decision", .decision),
        ("rule", .rule), ("error_code", .errorCode), ("reason", .reason), ("status", .status), ("outcome", .outcome), ("source", .source),
        ("upstream_request_id", .upstreamRequestID), ("upstream_error", .upstreamError), ("request_bytes", .requestBytes),
        ("request_sha256", .requestSHA256), ("response_bytes", .responseBytes), ("response_sha256", .responseSHA256), ("task_id", .taskID),
        ("file_id", .fileID), ("record_total_num", .recordTotalNum), ("duration_us", .duration), ("instance", .instance), ("event", .event),
        ("detail", .detail),
    ]

    static let header = columns.map(\.0).joined(separator: ",") + "\r\n"

    static func line(_ record: JournalRecord) -> String {
        columns.map { cell(record[$0.1] ?? "") }.joined(separator: ",") + "\r\n"
    }

    /// One cell. Where a spreadsheet would take a text for a formula, an apostrophe stands before it, which spreadsheets take for the sign of a text
    /// (OWASP, CSV injection); a plain number is none. That is at the beginning, and behind everything that some spreadsheet, in some country, takes
    /// for the end of a cell: where `;` separates, quotation marks that don't begin a cell protect nothing.
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
        // By scalars: a quotation mark with an accent on it is another character for Swift, and still a quotation mark for who reads the file.
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in cell.unicodeScalars { quoted.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar]) }
        return String(quoted) + "\""
    }

    /// What ends a cell or a text somewhere.
    private static let separators: Set<Unicode.Scalar> = [",", ";", "\t", "\n", "\r", "|", "\"", "'"]

    /// `=`, `+`, `-`, `@`, tab, carriage return, line feed, and the wide forms that some spreadsheets read as the narrow ones.
    private static let dangerous: Set<UInt32> = [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D, 0x0A, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20]
}
