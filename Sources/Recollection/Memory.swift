package import Audit
import Synchronization

/// What the gateway remembers, shared by all workers. The journal is the only truth: this is a projection of it that is rebuilt at start and
/// can be thrown away at any time.
///
/// 1. A memorable record is appended to the journal and remembered under one lock, so that memory changes in the journal's order and a
///    copy taken under the lock holds exactly what the records before `Journal.appended` say.
/// 2. Only exports, their polls and downloads come here: a handful a minute, as the cloud limits them. Other requests never see the lock.
package final class Memory: Sendable {
    private let state: Mutex<State>

    private struct State {
        var memories: Memories
        /// Counts up with each memorable record.
        var changes: UInt64 = 0
    }

    package init(_ memories: Memories = Memories()) {
        state = Mutex(State(memories: memories))
    }

    /// Looks something up.
    package func recall<Answer>(_ question: (Memories) -> Answer) -> Answer {
        state.withLock { question($0.memories) }
    }

    /// Changes what isn't in the journal: reservations.
    package func change<Answer>(_ body: (inout Memories) -> Answer) -> Answer {
        state.withLock { body(&$0.memories) }
    }

    /// Appends a memorable record and remembers it, in one step. It is remembered even when the journal has no room for it: what was
    /// let through must count.
    /// - Parameter settling: gives back in the same step what was reserved for the exchange.
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

    /// A copy that holds what all records before a number say, and how often memory had changed by then.
    func copy(of journal: Journal) -> (memories: Memories, upTo: SequenceNumber, changes: UInt64) {
        state.withLock { state in
            state.memories.forget(asOf: Timestamp.now())
            return (state.memories, journal.appended, state.changes)
        }
    }
}
