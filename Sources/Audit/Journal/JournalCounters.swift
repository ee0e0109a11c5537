/// Totals since the journal was opened.
package struct JournalCounters: Sendable, Hashable {
    /// Records appended.
    package var records: UInt64 = 0
    /// Bytes appended.
    package var bytes: UInt64 = 0
    /// Times the journal became unwritable, and attempts to heal that failed.
    package var writeErrors: UInt64 = 0
    /// Calls of `fdatasync` that succeeded.
    package var syncs: UInt64 = 0
    /// Records that were not kept because `pendingLimit` was reached.
    package var dropped: UInt64 = 0
}
