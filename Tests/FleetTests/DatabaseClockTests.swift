import Testing

@testable import Fleet

/// The database's clock, estimated from answers.
@Suite struct DatabaseClockTests {
    /// The time of a server whose clock is ahead by so much, in the middle of a round trip.
    private static func clock(_ offset: Int64, sent: Duration, received: Duration) -> Int64 {
        offset + (sent.microseconds + received.microseconds) / 2
    }

    @Test func `is unknown before the first answer and right within half a round trip after it`() {
        var clock = DatabaseClock()
        #expect(clock.time(at: .seconds(5)) == nil)
        clock.observe(Self.clock(1_000_000, sent: .seconds(5), received: .milliseconds(5_040)), sent: .seconds(5), received: .milliseconds(5_040))
        let error = abs((clock.time(at: .seconds(9)) ?? 0) - 10_000_000)
        #expect(error <= 20_001)
    }

    @Test func `no clock that can be told ends anything`() {
        var clock = DatabaseClock()
        #expect(!DatabaseClock.range.contains(.min) && !DatabaseClock.range.contains(.max) && !DatabaseClock.range.contains(-1))
        let uptime = Duration.seconds(3_650 * 86_400)
        for told in [DatabaseClock.range.upperBound - 1, 0, DatabaseClock.range.upperBound - 1, 1_700_000_000_000_000] {
            clock.observe(told, sent: .zero, received: .milliseconds(1))
            #expect(clock.time(at: uptime) != nil)
            clock.observe(told, sent: uptime, received: uptime + .milliseconds(1))
            #expect(clock.time(at: .zero) != nil)
        }
    }

    @Test func `a quick answer is believed more than a slow one`() {
        var clock = DatabaseClock()
        clock.observe(1_000_000 + 5_001_000, sent: .seconds(5), received: .milliseconds(5_002))
        // The server answered at the very beginning of a slow round trip: the middle would be half a second
        // wrong.
        clock.observe(1_000_000 + 6_000_000, sent: .seconds(6), received: .seconds(7))
        #expect(clock.offset.map { abs($0 - 1_000_000) <= 1_001 } == true)
    }

    @Test func `an answer that the estimate can't explain replaces it: a clock jumped`() {
        var clock = DatabaseClock()
        clock.observe(1_000_000 + 5_001_000, sent: .seconds(5), received: .milliseconds(5_002))
        clock.observe(3_601_000_000 + 6_200_000, sent: .seconds(6), received: .milliseconds(6_400))
        #expect(clock.offset.map { abs($0 - 3_601_000_000) <= 200_001 } == true)
    }

    @Test func `a leap forward is counted, and neither an error nor a step back is one`() {
        var clock = DatabaseClock()
        clock.observe(1_000_000 + 5_001_000, sent: .seconds(5), received: .milliseconds(5_002))
        clock.observe(1_400_000 + 6_000_000, sent: .seconds(6), received: .milliseconds(6_002))
        clock.observe(-3_600_000_000 + 7_000_000, sent: .seconds(7), received: .milliseconds(7_002))
        #expect(clock.leaps == 0)
        clock.observe(1_000_000 + 8_000_000, sent: .seconds(8), received: .milliseconds(8_002))
        clock.observe(1_000_100 + 9_000_000, sent: .seconds(9), received: .milliseconds(9_002))
        #expect(clock.leaps == 1)
    }

    @Test func `an old estimate gives way to an answer that is not quite as quick`() {
        var clock = DatabaseClock()
        clock.observe(1_000_000 + 5_000_100, sent: .seconds(5), received: .microseconds(5_000_200))
        clock.observe(1_000_000 + 5_100_400, sent: .milliseconds(5_100), received: .microseconds(5_100_800))
        let young = clock.offset
        clock.observe(1_000_300 + 605_000_400, sent: .seconds(605), received: .microseconds(605_000_800))
        #expect(young == 1_000_000 && clock.offset == 1_000_300)
    }
}
