package import Audit
package import Codecs

/// One record: its line in the journal, and access to its fields.
package struct JournalRecord: Sendable {
    /// The line without its newline, byte for byte: the input of the Merkle tree's leaf.
    package let line: [UInt8]
    /// The record's number.
    package let sequence: UInt64
    /// The instance in the central copy's row; nil if the record was read from a journal.
    var copiedFrom: String?
    private let ranges: [Range<Int>]

    /// Reads a line; nil when it is not a record.
    package init?(_ line: [UInt8]) {
        var scanner = RecordScanner()
        guard line.withUnsafeBytes({ scanner.scan($0) }) else { return nil }
        self.init(line, scanner)
    }

    /// A line that a scanner has just read.
    init?(_ line: [UInt8], _ scanner: RecordScanner) {
        guard let sequence = UInt64(String(decoding: line[scanner[.sequence]], as: UTF8.self)), sequence <= SequenceNumber.maximum.value else {
            return nil
        }
        self.line = line
        self.sequence = sequence
        ranges = scanner.ranges
    }

    /// A field as text, a number as its digits; nil when the record doesn't have it.
    package subscript(_ field: RecordField) -> String? {
        let range = ranges[field.rawValue]
        guard !range.isEmpty else { return nil }
        return JSONString.decode(line[range])
    }

    /// A field's bytes as they are in the line, for values that are JSON themselves.
    package func raw(_ field: RecordField) -> ArraySlice<UInt8>? {
        let range = ranges[field.rawValue]
        return range.isEmpty ? nil : line[range]
    }

    /// A field's value as JSON, a string with its quotation marks.
    func json(_ field: RecordField) -> ArraySlice<UInt8>? {
        let range = ranges[field.rawValue]
        guard !range.isEmpty else { return nil }
        let isText = range.lowerBound > 0 && line[range.lowerBound - 1] == UInt8(ascii: "\"")
        return isText ? line[range.lowerBound - 1..<range.upperBound + 1] : line[range]
    }

    /// A field as a whole number.
    package func integer(_ field: RecordField) -> Int64? {
        raw(field).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }

    /// The gateway that recorded it.
    package var instance: String? { copiedFrom ?? self[.instance] }

    /// When the record was made.
    package var time: Timestamp {
        raw(.time).flatMap { bytes in bytes.withUnsafeBytes { Timestamp($0) } } ?? Timestamp(microseconds: 0)
    }

    /// Which moment of an exchange it is.
    package var phase: Record.Phase? { self[.phase].flatMap(Record.Phase.init(rawValue:)) }
}

extension JSONWriter {
    /// Records in a list, each as it is in the journal.
    package mutating func records(_ records: some Sequence<JournalRecord>) {
        list("records", records) { json, record in json.raw(record.line) }
    }
}
