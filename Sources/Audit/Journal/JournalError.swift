/// Why the journal cannot do what it was asked for. Codes are the system's `errno`.
package enum JournalError: Error, Sendable, Hashable {
    /// The directory cannot be made, opened, locked or read.
    case directoryUnusable(path: String, code: Int32)
    /// The process has no descriptor or thread left for the journal.
    case noResources(code: Int32)
    /// Another gateway holds the directory.
    case directoryInUse(path: String)
    /// The journal began as a sandbox's and a real gateway wants to go on with it, or the reverse.
    case otherNature(path: String, began: JournalNature)
    /// A segment cannot be opened or made.
    case cannotOpen(segment: String, code: Int32)
    /// A segment cannot be read at start.
    case cannotRead(segment: String, code: Int32)
    /// The kernel did not take a record.
    case writeFailed(segment: String, code: Int32)
    /// The disk did not take what the kernel had taken.
    case syncFailed(segment: String, code: Int32)
    /// Somebody else touched the segment that is being written.
    case segmentChanged(segment: String, change: SegmentChange)
    /// So little of the disk is free that it is kept for the ends of what is under way.
    case diskNearlyFull(freePerMille: Int)
    /// `pendingLimit` bytes wait in memory.
    case pendingLimitReached(bytes: Int)
    /// The record alone could exceed `pendingLimit`.
    case recordTooLarge(bytes: Int)
    /// The journal was closed.
    case closed
}
