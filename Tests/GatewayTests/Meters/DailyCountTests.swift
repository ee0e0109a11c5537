import Testing

@testable import Gateway

@Suite struct DailyCountTests {
    @Test func `forgets what is a day old, and adds up what several workers counted`() {
        var (one, other) = (DailyCount(), DailyCount())
        for hour in 0..<100 { one.count(at: .seconds(hour * 3_600 + 10)) }
        other.count(at: .seconds(99 * 3_600 + 3_599))
        #expect(one.total(at: .seconds(99 * 3_600 + 3_599)) == 24)
        #expect(one.adding(other).total(at: .seconds(99 * 3_600)) == 25 && other.adding(one) == one.adding(other))
        // Without new events it becomes empty over time.
        #expect(one.total(at: .seconds(110 * 3_600)) == 13)
        #expect(one.total(at: .seconds(123 * 3_600)) == 0)
    }
}
