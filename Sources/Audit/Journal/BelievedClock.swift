import Synchronization

/// `BelievedTime` by this machine's clocks; one object for the process.
package final class BelievedClock: Sendable {
    private let state: Mutex<BelievedTime>
    private let wall: @Sendable () -> Timestamp
    private let began = ContinuousClock.now

    /// - Parameters:
    ///   - directory: a journal's that this process hasn't written yet.
    ///   - wall: the wall clock, corrected by what is known about it.
    package convenience init(directory: String, wall: @escaping @Sendable () -> Timestamp = { Timestamp.now() }) {
        self.init(newest: JournalReader.newestBeginning(in: directory), wall: wall)
    }

    init(newest: Timestamp?, wall: @escaping @Sendable () -> Timestamp) {
        self.wall = wall
        state = Mutex(BelievedTime(wall: wall(), newest: newest, uptime: .zero))
    }

    package var now: Timestamp {
        state.withLock { $0.observe(wall: wall(), uptime: ContinuousClock.now - began) }
    }
}
