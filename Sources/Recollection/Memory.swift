package import Audit
import Synchronization

/// What the gateway remembers, shared by all workers. It is derived from the journal alone, rebuilt at start, and can be discarded at any time.
///
/// 1. A memorable record is appended to the journal and remembered under one lock, so that memory changes in the journal's order and a copy taken
///    under the lock contains exactly the state after the records before `Journal.appended`.
/// 2. Only exports, their polls and downloads use it: a few per minute, because the cloud limits them. Other requests never take the lock.
package final class Memory: Sendable {
    private let state: Mutex<State>

    private struct State {
        var memories: Memories
        /// Incremented with each memorable record.
        var changes: UInt64 = 0
    }

    private let clock: BelievedClock?

    /// - Parameter clock: says by which time something is forgotten; nil for a memory that isn't kept.
    package init(_ memories: Memories = Memories(), clock: BelievedClock? = nil) {
        state = Mutex(State(memories: memories))
        self.clock = clock
    }

    /// The time by which something is too old. A wall clock that is ahead for a moment makes no key of an export usable a second time.
    package var now: Timestamp { clock?.now ?? Timestamp.now() }

    /// Looks something up.
    package func recall<Answer>(_ question: (Memories) -> Answer) -> Answer {
        state.withLock { question($0.memories) }
    }

    /// Changes what isn't in the journal: reservations.
    package func change<Answer>(_ body: (inout Memories) -> Answer) -> Answer {
        state.withLock { body(&$0.memories) }
    }

    /// Appends a memorable record and remembers it, in one step. It is remembered even if the journal has no room for it, because an allowed export
    /// must count.
    /// - Parameter settling: releases in the same step what was reserved for the exchange.
    package func append(
        _ record: Record, to journal: Journal, settling: (inout Memories) -> Void = { _ in }
    ) throws(JournalError) -> SequenceNumber {
        try state.withLock { state throws(JournalError) in
            settling(&state.memories)
            state.memories.note(RecordFact(record))
            state.changes += 1
            return try journal.append(record)
        }
    }

    /// A copy of the state after all records before a number, with the number of changes until then.
    func copy(of journal: Journal) -> (memories: Memories, upTo: SequenceNumber, changes: UInt64) {
        let now = now
        return state.withLock { state in
            state.memories.forget(asOf: now)
            return (state.memories, journal.appended, state.changes)
        }
    }
}
