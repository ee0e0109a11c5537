/// Whether the journal grows so fast that the index had better wait: a record costs the index a tenth of the instructions that a request costs
/// the gateway, and all processors may be busy with others' work that the kernel doesn't see as ours.
struct JournalPace {
    /// Records a second from which on the index waits.
    static let busyRecords = 1_000.0
    /// Between two looks that find it calm, at least: what grows in less may be a burst's beginning.
    static let interval = Duration.milliseconds(200)
    /// Longest wait: readers look into the journal for what isn't in the index yet, and that must not get long.
    static let patience = Duration.seconds(30)

    private var seen: (length: UInt64, time: ContinuousClock.Instant)?
    private var busySince: ContinuousClock.Instant?

    /// - Parameter length: how many records the journal has at `time`.
    mutating func isBusy(at length: UInt64, _ time: ContinuousClock.Instant) -> Bool {
        guard let seen else {
            self.seen = (length, time)
            return false
        }
        let elapsed = time - seen.time
        let grown = Double(length - min(seen.length, length))
        if grown >= Self.busyRecords * (max(elapsed, Self.interval) / .seconds(1)) {
            busySince = busySince ?? time
        } else if elapsed >= Self.interval {
            busySince = nil
        }
        if elapsed >= Self.interval { self.seen = (length, time) }
        return busySince.map { time - $0 <= Self.patience } ?? false
    }

    /// The index has caught up: it may wait anew.
    mutating func caughtUp() { busySince = nil }
}
