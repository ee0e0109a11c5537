import Files
package import Audit
import Synchronization

/// Saves memory periodically, outside the request path, so that the next start is fast. Nothing depends on it: without a snapshot the start reads
/// more of the journal.
///
/// A snapshot is written only when all records that it covers are durable, so that it never contains more than the journal.
package final class MemoryKeeper: Sendable {
    /// How often `look` is to be called, from a thread that may block on the file system.
    package static let interval = Duration.seconds(5)
    /// Number of records that may be replayed at start without a newer snapshot: a tenth of a second.
    private static let behindLimit: UInt64 = 100_000
    /// Bytes a second that snapshots may write, on the average: one of 100,000 export tasks has 10 MB, which is not to be written after each export.
    private static let pace = 256 << 10

    private let memory: Memory
    private let journal: Journal
    private let directory: String
    private let state = Mutex(State())

    private struct State {
        /// A copy that waits for its records to become durable.
        var pending: (memories: Memories, upTo: SequenceNumber, changes: UInt64)?
        var savedChanges: UInt64 = 0
        var savedUpTo: UInt64 = 0
        var isNew = true
        /// When a snapshot of the last one's length may be written again.
        var due: ContinuousClock.Instant?
    }

    package init(_ memory: Memory, journal: Journal, directory: String) {
        self.memory = memory
        self.journal = journal
        self.directory = directory
    }

    /// Saves the earlier copy if its records are durable, and makes a new copy if there are changes and the last one is old enough for its length.
    /// Returns an error code, or 0.
    @discardableResult
    package func look(at now: ContinuousClock.Instant = .now) -> Int32 {
        state.withLock { state in
            let code = save(&state, now)
            guard state.pending == nil else { return code }
            let copy = memory.copy(of: journal)
            let behind = copy.upTo.value - min(state.savedUpTo, copy.upTo.value)
            let isDue = state.due.map { $0 <= now } ?? true
            if state.isNew || copy.changes != state.savedChanges && isDue || behind > Self.behindLimit {
                state.pending = copy
                _ = try? journal.requestSync(upTo: copy.upTo)
            }
            return code
        }
    }

    /// Saves the last state. Called after the journal was closed and all of its records are durable.
    @discardableResult
    package func finish() -> Int32 {
        state.withLock { state in
            if state.pending == nil { state.pending = memory.copy(of: journal) }
            return save(&state, .now)
        }
    }

    private func save(_ state: inout State, _ now: ContinuousClock.Instant) -> Int32 {
        guard let (memories, upTo, changes) = state.pending, journal.durable >= upTo else { return 0 }
        state.pending = nil
        do throws(JournalError) {
            let leaf = upTo.value == 0 ? nil : try JournalReader.leaf(of: SequenceNumber(upTo.value - 1), in: directory)
            // The record is missing because its segment was removed. A snapshot would not match the journal.
            guard leaf != nil || upTo.value == 0 else { return 0 }
            let text = MemorySnapshot(upTo: upTo, last: leaf, memories: memories).encoded
            do throws(ErrorCode) { try MemoryFile(directory: directory).store(text) } catch { return error.code }
            state.due = now + .seconds(1) * text.utf8.count / Self.pace
        } catch {
            return 0
        }
        (state.savedChanges, state.savedUpTo, state.isNew) = (changes, upTo.value, false)
        return 0
    }
}
