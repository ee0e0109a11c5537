import Synchronization

/// The requests that reached the stand-in, newest last, for tests.
///
/// It contains credentials as received, on purpose: tests check that the right one arrived. It stays in memory.
package final class Ledger: Sendable {
    /// Entries kept; the oldest go first.
    package static let mostEntries = 2_048
    /// Bytes kept of a request's body.
    package static let mostBodyBytes = 8_192

    private struct State {
        var entries: [LedgerEntry] = []
        /// The index of the oldest entry once the ring is full.
        var start = 0
        var lastSequence = 0
        var changes: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// An empty ledger.
    init() {}

    /// The kept entries, oldest first.
    package var entries: [LedgerEntry] {
        state.withLock { Array($0.entries[$0.start...] + $0.entries[..<$0.start]) }
    }

    /// All requests so far, including those no longer kept.
    package var total: Int { state.withLock { $0.lastSequence } }

    /// How often each operation changed something, by operation name.
    package var changes: [String: Int] { state.withLock { $0.changes } }

    /// Adds a request and returns its sequence number.
    func append(_ entry: LedgerEntry) -> Int {
        state.withLock { state in
            state.lastSequence += 1
            var entry = entry
            entry.sequence = state.lastSequence
            if state.entries.count < Self.mostEntries {
                state.entries.append(entry)
            } else {
                state.entries[state.start] = entry
                state.start = (state.start + 1) % Self.mostEntries
            }
            return state.lastSequence
        }
    }

    /// Notes how far the answer to a request got.
    func finish(_ sequence: Int, delivery: LedgerEntry.Delivery, sentBytes: Int) {
        state.withLock { state in
            let back = state.lastSequence - sequence
            guard back >= 0, back < state.entries.count else { return }
            let index = (state.start + state.entries.count - 1 - back) % state.entries.count
            guard state.entries[index].sequence == sequence else { return }
            state.entries[index].delivery = delivery
            state.entries[index].sentBytes = sentBytes
        }
    }

    /// Counts a change; operation names come from the catalogue, so there is a bound.
    func countChange(_ operation: String) { state.withLock { $0.changes[operation, default: 0] += 1 } }

    /// Removes everything except the count of requests.
    package func removeAll() {
        state.withLock { state in
            state.entries = []
            state.start = 0
            state.changes = [:]
        }
    }
}
