import Catalogue

/// One worker's view of flow control, confined to its event loop: which operations are paced, and recent departures of the others.
///
/// While nothing is paced, a request reads one flag and notes its departure: no lock, and no memory that another core writes. When an operation
/// becomes paced, the notes tell how many calls the upstream has counted already.
final class DepartureLog {
    /// A call that left while its operation was not paced.
    struct Entry: Sendable {
        let caller: String
        let credential: String
        let time: Duration
    }

    /// Departures kept for one operation; a quota of so many calls per period needs no pacing.
    static let entriesPerOperation = 32

    /// The latest calls of one operation.
    private struct Recent {
        var entries: [Entry] = []
        /// Where the oldest entry stands once the list is full.
        var oldest = 0

        mutating func note(_ entry: Entry) {
            guard entries.count == DepartureLog.entriesPerOperation else { return entries.append(entry) }
            entries[oldest] = entry
            oldest = (oldest + 1) % DepartureLog.entriesPerOperation
        }

        mutating func remove(at time: Duration) -> Bool {
            guard let index = entries.lastIndex(where: { $0.time == time }) else { return false }
            entries.remove(at: index)
            oldest = 0
            entries.sort { $0.time < $1.time }
            return true
        }
    }

    private var paced = [Bool](repeating: false, count: Operation.allCases.count)
    private var recent = [Recent](repeating: Recent(), count: Operation.allCases.count)

    func isPaced(_ operation: Int) -> Bool { paced[operation] }

    func note(_ operation: Int, _ entry: Entry) { recent[operation].note(entry) }

    /// A noted call never reached the upstream or was refused by it, so it doesn't count against the quota.
    /// - Returns: whether it was noted here.
    func remove(_ operation: Int, at time: Duration) -> Bool { recent[operation].remove(at: time) }

    /// The operation is paced from now on, or no longer.
    /// - Returns: the calls sent before.
    func setPaced(_ operation: Int, _ isPaced: Bool) -> [Entry] {
        paced[operation] = isPaced
        defer { recent[operation] = Recent() }
        return recent[operation].entries.sorted { $0.time < $1.time }
    }
}
