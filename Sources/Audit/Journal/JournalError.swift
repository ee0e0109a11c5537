/// Why an operation of the journal failed. Codes are the system's `errno`.
package enum JournalError: Error, Sendable, Hashable {
    /// The directory can't be created, opened, locked or read.
    case directoryUnusable(path: String, code: Int32)
    /// The process has no descriptor or thread left for the journal.
    case noResources(code: Int32)
    /// Another gateway has locked the directory.
    case directoryInUse(path: String)
    /// The journal belongs to a sandbox and is opened by a real gateway, or the reverse.
    case otherNature(path: String, began: JournalNature)
    /// A segment cannot be opened or made.
    case cannotOpen(segment: String, code: Int32)
    /// A segment cannot be read at start.
    case cannotRead(segment: String, code: Int32)
    /// Writing a record failed.
    case writeFailed(segment: String, code: Int32)
    /// Syncing to the disk failed.
    case syncFailed(segment: String, code: Int32)
    /// Another process changed the segment that is being written.
    case segmentChanged(segment: String, change: SegmentChange)
    /// The remaining disk space is reserved for the closing records of requests under way.
    case diskNearlyFull(freePerMille: Int)
    /// `pendingLimit` bytes wait in memory.
    case pendingLimitReached(bytes: Int)
    /// The record alone could exceed `pendingLimit`.
    case recordTooLarge(bytes: Int)
    /// The journal was closed.
    case closed
}
