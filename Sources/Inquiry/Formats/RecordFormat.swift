/// How records are written for whoever asked.
package enum RecordFormat: String, Sendable, CaseIterable {
    /// One JSON array of the records as they stand in the journal.
    case json
    /// One record a line, as it stands in the journal.
    case ndjson
    /// A table for spreadsheets.
    case csv
    /// A table for terminals.
    case table
    /// Events of the Open Cybersecurity Schema Framework, class 6003 (API Activity), one a line.
    case ocsf
    /// Events of the Cloud Auditing Data Federation (DMTF DSP0262), one a line.
    case cadf

    /// The type of the whole, for HTTP.
    package var contentType: String {
        switch self {
        case .json: "application/json"
        case .ndjson, .ocsf, .cadf: "application/x-ndjson"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .table: "text/plain; charset=utf-8"
        }
    }
}

/// Writes one record after the other.
package struct RecordWriter: Sendable {
    private let format: RecordFormat
    private let isOfFleet: Bool
    private let layout: TableLayout
    private var count = 0

    /// - Parameter isOfFleet: the records of several gateways come together, so that a table says whose each is.
    /// - Parameter layout: of a table; other formats have none.
    package init(_ format: RecordFormat, isOfFleet: Bool = false, layout: TableLayout = TableLayout()) {
        self.layout = layout
        self.format = format
        self.isOfFleet = isOfFleet
    }

    /// What stands before the first record.
    package func beginning() -> [UInt8] {
        switch format {
        case .json: Array("[".utf8)
        case .csv: Array(CSVRecord.header.utf8)
        case .table: Array(TableRecord.header(isOfFleet: isOfFleet, layout).utf8)
        case .ndjson, .ocsf, .cadf: []
        }
    }

    /// A record's text.
    package mutating func text(of record: JournalRecord) -> [UInt8] {
        count += 1
        switch format {
        case .json: return Array((count == 1 ? "\n" : ",\n").utf8) + record.line
        case .ndjson: return record.line + [UInt8(ascii: "\n")]
        case .csv: return Array(CSVRecord.line(record).utf8)
        case .table: return Array(TableRecord.line(record, isOfFleet: isOfFleet, layout).utf8)
        case .ocsf: return OCSFEvent.write(record)
        case .cadf: return CADFEvent.write(record)
        }
    }

    /// What stands behind the last one.
    package func end() -> [UInt8] {
        format == .json ? Array((count == 0 ? "]\n" : "\n]\n").utf8) : []
    }
}
