import Testing

@testable import Audit

@Suite struct BelievedTimeTests {
    private static let now = Timestamp(microseconds: 1_796_000_000_000_000)

    private static func later(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: now.microseconds + seconds * 1_000_000) }

    @Test func `follows a clock that is right, and one that is set back at once`() {
        var time = BelievedTime(wall: Self.now, newest: Self.now, uptime: .seconds(5))
        #expect(time.observe(wall: Self.later(100), uptime: .seconds(105)) == Self.later(100))
        #expect(time.observe(wall: Self.later(30), uptime: .seconds(106)) == Self.later(30))
        #expect(time.observe(wall: Self.later(31), uptime: .seconds(107)) == Self.later(31))
        // Corrected a little at a time, as every clock is.
        #expect(time.observe(wall: Self.later(131), uptime: .seconds(157)) == Self.later(131))
    }

    @Test func `does not believe a clock that is ahead for a moment`() {
        let year: Int64 = 365 * 86_400
        var time = BelievedTime(wall: Self.now, newest: Self.now, uptime: .zero)
        for second in stride(from: Int64(1), to: 3_600, by: 60) {
            #expect(time.observe(wall: Self.later(second + year), uptime: .seconds(second)) == Self.later(second))
        }
        #expect(time.observe(wall: Self.later(3_600), uptime: .seconds(3_600)) == Self.later(3_600))
        // What came before doesn't count for the next time.
        #expect(time.observe(wall: Self.later(3_700 + year), uptime: .seconds(3_700)) == Self.later(3_700))
    }

    @Test func `believes a clock that stays ahead, in the end`() {
        var time = BelievedTime(wall: Self.now, newest: Self.now, uptime: .zero)
        #expect(time.observe(wall: Self.later(90_001), uptime: .seconds(1)) == Self.later(1))
        #expect(time.observe(wall: Self.later(93_600), uptime: .seconds(3_600)) == Self.later(3_600))
        #expect(time.observe(wall: Self.later(93_601), uptime: .seconds(3_601)) == Self.later(93_601))
    }

    @Test func `at the start the journal's end says how far a clock can be ahead`() {
        let week: Int64 = 7 * 86_400
        var time = BelievedTime(wall: Self.later(400 * 86_400), newest: Self.now, uptime: .zero)
        #expect(time.observe(wall: Self.later(400 * 86_400), uptime: .zero) == Self.later(week))
        // Nobody has used the gateway for some days.
        var rested = BelievedTime(wall: Self.later(week - 1), newest: Self.now, uptime: .zero)
        #expect(rested.observe(wall: Self.later(week - 1), uptime: .zero) == Self.later(week - 1))
        var first = BelievedTime(wall: Self.now, newest: nil, uptime: .zero)
        #expect(first.observe(wall: Self.now, uptime: .zero) == Self.now)
    }
}
