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

    private var paced = [Bool](repeating: false, count: Operation.allCases.count)
    private var recent = [[Entry]](repeating: [], count: Operation.allCases.count)
    /// Where the oldest entry stands once a list is full.
    private var oldest = [Int](repeating: 0, count: Operation.allCases.count)

    func isPaced(_ operation: Int) -> Bool { paced[operation] }

    func note(_ operation: Int, _ entry: Entry) {
        guard recent[operation].count == DepartureLog.entriesPerOperation else { return recent[operation].append(entry) }
        recent[operation][oldest[operation]] = entry
        oldest[operation] = (oldest[operation] + 1) % DepartureLog.entriesPerOperation
    }

    /// A noted call never reached the upstream or was refused by it, so it doesn't count against the quota.
    /// - Returns: whether it was noted here.
    func strike(_ operation: Int, at time: Duration) -> Bool {
        guard let index = recent[operation].lastIndex(where: { $0.time == time }) else { return false }
        recent[operation].remove(at: index)
        oldest[operation] = 0
        recent[operation].sort { $0.time < $1.time }
        return true
    }

    /// The operation is paced from now on, or no longer.
    /// - Returns: the calls sent before.
    func setPaced(_ operation: Int, _ isPaced: Bool) -> [Entry] {
        paced[operation] = isPaced
        defer {
            recent[operation] = []
            oldest[operation] = 0
        }
        return recent[operation].sorted { $0.time < $1.time }
    }
}
