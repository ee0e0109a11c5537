/// The formats in which records are returned.
package enum RecordFormat: String, Sendable, CaseIterable {
    /// One JSON array of the records as they are in the journal.
    case json
    /// One record a line, as it is in the journal.
    case ndjson
    /// A table for spreadsheets.
    case csv
    /// A table for terminals.
    case table
    /// Events of the Open Cybersecurity Schema Framework, class 6003 (API Activity), one a line.
    case ocsf
    /// Events of the Cloud Auditing Data Federation (DMTF DSP0262), one a line.
    case cadf

    /// The media type of the document.
    package var contentType: String {
        switch self {
        case .json: "application/json"
        case .ndjson, .ocsf, .cadf: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .table: "text/plain; charset=utf-8"
        }
    }
}
