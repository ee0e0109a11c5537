import Testing

@testable import Policy

@Suite struct HoursTests {
    /// Seconds of a minute in the week of Monday 2026-11-23, UTC.
    private static func time(day: Int, _ hour: Int, _ minute: Int) -> Int64 { 1_795_392_000 + Int64(day * 86_400 + hour * 3_600 + minute * 60) }

    @Test(arguments: [
        (0, 0, 0, true), (0, 9, 59, true), (0, 10, 0, false), (4, 9, 59, true), (5, 1, 0, false), (6, 23, 59, false), (6, 16, 0, false),
    ])
    func `counts days and minutes in its own zone`(day: Int, hour: Int, minute: Int, isIn: Bool) {
        // 08:00 to 18:00 at +08:00 is 00:00 to 10:00 UTC.
        let hours = Hours(days: [0, 1, 2, 3, 4], from: 480, to: 1_080, zone: 480)
        #expect(hours.contains(Self.time(day: day, hour, minute)) == isIn)
    }

    @Test(arguments: [(4, 22, 0, true), (5, 5, 59, true), (5, 6, 0, false), (4, 5, 0, false), (5, 23, 0, false)])
    func `gives a night to the day on which it began`(day: Int, hour: Int, minute: Int, isIn: Bool) {
        let hours = Hours(days: [4], from: 1_320, to: 360, zone: 0)
        #expect(hours.contains(Self.time(day: day, hour, minute)) == isIn)
    }
}
