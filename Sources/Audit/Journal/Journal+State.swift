/// Whether the journal can be written.
package enum JournalState: Sendable, Hashable {
    /// It can be written.
    case healthy
    /// It can't be written, and keeps trying.
    case failing(since: Timestamp, reason: JournalError)
    /// It was closed.
    case closed
}

/// What the writer reports to its listeners, once for each batch.
package enum JournalProgress: Sendable, Hashable {
    /// Every record before this number is on stable storage.
    case durable(upTo: SequenceNumber)
    /// Records before this number that are not durable yet can't be made durable now. They stay in memory and are written when the disk recovers; an
    /// exchange that waits for one has to be refused or cut.
    case failed(upTo: SequenceNumber, reason: JournalError)
}

/// Totals since the journal was opened.
package struct JournalCounters: Sendable, Hashable {
    /// Records appended.
    package var records: UInt64 = 0
    /// Bytes appended.
    package var bytes: UInt64 = 0
    /// Times the journal became unwritable, and failed attempts to recover.
    package var writeErrors: UInt64 = 0
    /// Calls of `fdatasync` that succeeded.
    package var syncs: UInt64 = 0
    /// Records that were not kept because `pendingLimit` was reached.
    package var dropped: UInt64 = 0
}
