/// A record's number in the journal, from 0 and without gaps: `seq`, and the index of its leaf in the Merkle tree.
package struct SequenceNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number as it is written in the record.
    package let value: UInt64

    /// The largest number in a journal: file names have 20 digits, and JSON readers with signed 64-bit integers must cope.
    package static let maximum = SequenceNumber(UInt64(1) << 62)

    /// Makes the number of a record.
    package init(_ value: UInt64) {
        self.value = value
    }

    package static func < (left: SequenceNumber, right: SequenceNumber) -> Bool { left.value < right.value }

    package var description: String { String(value) }

    /// The number `count` records further on.
    package func advanced(by count: Int) -> SequenceNumber {
        SequenceNumber(value + UInt64(count))
    }
}
