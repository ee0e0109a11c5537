/// Writes records in one of the formats, one after the other.
package struct RecordWriter: Sendable {
    private let format: RecordFormat
    private let isOfFleet: Bool
    private let layout: TableLayout
    private var count = 0

    /// - Parameter isOfFleet: the records are from several gateways, so that a table has a column for the
    ///   gateway.
    /// - Parameter layout: of a table; other formats have none.
    package init(_ format: RecordFormat, isOfFleet: Bool = false, layout: TableLayout = TableLayout()) {
        self.layout = layout
        self.format = format
        self.isOfFleet = isOfFleet
    }

    /// The text before the first record.
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

    /// The text after the last one.
    package func end() -> [UInt8] {
        format == .json ? Array((count == 0 ? "]\n" : "\n]\n").utf8) : []
    }
}
