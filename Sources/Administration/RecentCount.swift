/// How much a counter has grown in the last minute, from readings of it now and then.
struct RecentCount {
    private static let span = Duration.seconds(60)

    private var readings: [(time: ContinuousClock.Instant, total: UInt64)] = []

    /// Takes a reading; gives what was counted in the minute before it, or since the first reading where that is younger.
    mutating func note(_ total: UInt64, at time: ContinuousClock.Instant) -> Int64 {
        readings.append((time, total))
        // The oldest one that is kept is as old as a minute, or the first of all.
        while readings.count > 2, readings[1].time <= time - Self.span { readings.removeFirst() }
        guard let first = readings.first, total >= first.total else { return 0 }
        let (count, length) = (total - first.total, time - first.time)
        guard length > Self.span else { return Int64(clamping: count) }
        return Int64((Double(count) * (Self.span / length)).rounded())
    }
}
