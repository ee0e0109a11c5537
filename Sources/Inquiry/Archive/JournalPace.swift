/// Whether the journal grows so fast that the index had better wait: a record costs the index as much processor time as half a request costs
/// the gateway, and all processors may be busy with others' work that the kernel doesn't see as ours.
struct JournalPace {
    /// Records a second from which on the index waits.
    static let busyRecords = 1_000.0
    /// Between two looks, at least.
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
        if time - seen.time >= Self.interval {
            let grown = Double(length - min(seen.length, length))
            self.seen = (length, time)
            if grown < Self.busyRecords * ((time - seen.time) / .seconds(1)) { busySince = nil } else { busySince = busySince ?? time }
        }
        return busySince.map { time - $0 <= Self.patience } ?? false
    }

    /// The index has caught up: it may wait anew.
    mutating func caughtUp() { busySince = nil }
}
