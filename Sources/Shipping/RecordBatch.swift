package import Audit

/// Consecutive records, copied out of the journal so that a slow sink doesn't block it.
package struct RecordBatch: Sendable {
    /// The limits of one batch. At the limit the next record waits for the next batch.
    package struct Bounds: Sendable {
        package var records: Int
        package var bytes: Int

        package init(records: Int, bytes: Int) {
            self.records = records
            self.bytes = bytes
        }
    }

    private var bytes: [UInt8] = []
    private var entries: [(sequence: UInt64, end: Int)] = []
    private let bounds: Bounds

    package init(_ bounds: Bounds) {
        self.bounds = bounds
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    /// The number after the last record's.
    // Bounded: a record's number is at most 2^62.
    package var end: SequenceNumber? { entries.last.map { SequenceNumber($0.sequence + 1) } }
    /// Whether the batch accepts no further record. It accepts one record of any size.
    package var isFull: Bool { entries.count >= bounds.records || bytes.count >= bounds.bytes }

    /// Appends a record: its number, and its line without the line end.
    package mutating func add(_ sequence: SequenceNumber, _ line: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: line)
        entries.append((sequence.value, bytes.count))
    }

    /// The number and the line of each record.
    package func forEach(_ body: (UInt64, UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var start = 0
            for entry in entries {
                body(entry.sequence, UnsafeRawBufferPointer(rebasing: bytes[start..<entry.end]))
                start = entry.end
            }
        }
    }

    /// The first record's line.
    func withFirst<Result>(_ body: (UnsafeRawBufferPointer) -> Result?) -> Result? {
        guard let first = entries.first else { return nil }
        return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<first.end])) }
    }

    /// A part of it.
    func slice(_ range: Range<Int>) -> RecordBatch {
        var part = RecordBatch(bounds)
        var position = 0
        forEach { sequence, line in
            if range.contains(position) { part.add(SequenceNumber(sequence), line) }
            position += 1
        }
        return part
    }
}
