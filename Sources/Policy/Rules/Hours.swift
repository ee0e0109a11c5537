/// When a rule applies: hours of certain days of the week, at a fixed distance from UTC.
package struct Hours: Sendable, Hashable {
    private static let minutesPerDay: Int64 = 1_440

    /// Days of the week, 0 for Monday.
    let days: Set<Int>
    /// First minute that is included, counted from midnight, 0...1440.
    let from: Int64
    /// First minute that is not included any more. If it is before `from`, it is on the next day, and those hours belong to the day on which they
    /// began.
    let to: Int64
    /// Minutes that the zone is ahead of UTC.
    let zone: Int64

    package init(days: Set<Int>, from: Int, to: Int, zone: Int) {
        self.days = days
        self.from = Int64(from)
        self.to = Int64(to)
        self.zone = Int64(zone)
    }

    /// - Parameter time: seconds since 1970-01-01T00:00:00Z, a Thursday.
    func contains(_ time: Int64) -> Bool {
        let local = (time / 60) + zone
        let day = local / Self.minutesPerDay
        let minute = local % Self.minutesPerDay
        let weekday = Int((day + 3) % 7)
        if from < to { return minute >= from && minute < to && days.contains(weekday) }
        return minute >= from && days.contains(weekday) || minute < to && days.contains((weekday + 6) % 7)
    }
}
