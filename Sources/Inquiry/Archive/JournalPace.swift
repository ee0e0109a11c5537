/// Decides whether the journal grows so fast that the index should wait: indexing a record costs a tenth of a request's instructions, and the
/// idle priority does not help when other processes use all processors.
struct JournalPace {
    /// Records a second from which on the index waits.
    static let busyRecords = 1_000.0
    /// The least time between two checks that find it slow: growth over less time may be the beginning of a burst.
    static let interval = Duration.milliseconds(200)
    /// Longest wait: readers read what is not indexed yet from the journal, and that part must stay short.
    static let patience = Duration.seconds(30)

    private var seen: (length: UInt64, time: ContinuousClock.Instant)?
    private var busySince: ContinuousClock.Instant?

    /// - Parameter length: the number of records in the journal at `time`.
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

    /// The index has caught up: it may wait again.
    mutating func caughtUp() { busySince = nil }
}
