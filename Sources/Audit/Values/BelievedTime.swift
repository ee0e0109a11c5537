/// The time by which something is forgotten or removed for good. A wall clock that is ahead, by a fault or for a moment, must not make everything
/// old; so it is believed when it is as far as a clock that never goes back, and otherwise after it has stayed ahead of that for a while. Pure: the
/// caller passes both clocks.
package struct BelievedTime: Sendable {
    /// How long a wall clock has to stay ahead until it is believed.
    package static let patience = Duration.seconds(3_600)
    /// A wall clock that is less ahead than this is corrected as usual.
    static let tolerance = Duration.seconds(60)
    /// A journal that ends longer ago is no sign that the clock is right.
    static let longestRest = Duration.seconds(7 * 86_400)

    /// The believed time minus the steady clock's.
    private var offset: Duration
    private var aheadSince: Duration?

    /// - Parameters:
    ///   - newest: the time of a record near the journal's end, written before this process began; nil if there is none.
    ///   - uptime: by a clock that never goes back.
    package init(wall: Timestamp, newest: Timestamp?, uptime: Duration) {
        let latest = newest.map { Self.duration($0) + Self.longestRest } ?? Self.duration(wall)
        offset = min(Self.duration(wall), latest) - uptime
    }

    /// The believed time: never later than the wall clock's.
    package mutating func observe(wall: Timestamp, uptime: Duration) -> Timestamp {
        let present = Self.duration(wall) - uptime
        if present <= offset + Self.tolerance {
            (offset, aheadSince) = (present, nil)
        } else {
            let since = aheadSince ?? uptime
            aheadSince = since
            if uptime - since >= Self.patience { (offset, aheadSince) = (present, nil) }
        }
        let (seconds, attoseconds) = (uptime + offset).components
        // Bounded: no later than a wall clock's time, whose years have four digits.
        return Timestamp(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    private static func duration(_ time: Timestamp) -> Duration { .microseconds(time.microseconds) }
}
