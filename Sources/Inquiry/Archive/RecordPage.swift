import Audit

/// One page of records.
package struct RecordPage: Sendable {
    /// How much memory one answer may use, however large the journal is.
    package struct Bounds: Sendable {
        /// Lines of a page, bytes; one record of any size is allowed.
        var bytes = 8 << 20
        /// Lines that are read ahead, bytes.
        var ahead = 4 << 20

        /// The assumed size of a line before one was read.
        var unknown: Int { ahead / 8 }

        /// How many lines to read at once, by the largest line so far.
        func piece(largest: Int, most: Int) -> Int { max(1, min(most, ahead / max(largest, 1))) }
    }

    package let records: [JournalRecord]
    /// Where the next page begins; nil when this is the last.
    package let next: RecordCursor?
}
