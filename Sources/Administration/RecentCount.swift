/// The growth of a counter in the last minute, from periodic readings.
struct RecentCount {
    private static let span = Duration.seconds(60)

    private var readings: [(time: ContinuousClock.Instant, total: UInt64)] = []

    /// Adds a reading; returns the growth in the minute before it, or since the first reading if that is more recent.
    mutating func note(_ total: UInt64, at time: ContinuousClock.Instant) -> Int64 {
        readings.append((time, total))
        // The oldest kept reading is at least a minute old, or the first of all.
        while readings.count > 2, readings[1].time <= time - Self.span { readings.removeFirst() }
        guard let first = readings.first, total >= first.total else { return 0 }
        let (count, length) = (total - first.total, time - first.time)
        guard length > Self.span else { return Int64(clamping: count) }
        return Int64((Double(count) * (Self.span / length)).rounded())
    }
}
