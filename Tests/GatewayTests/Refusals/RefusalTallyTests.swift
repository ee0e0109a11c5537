import Audit
import Testing

@testable import Gateway

@Suite struct RefusalTallyTests {
    private let identifiers = RecordIDGenerator()
    private let time = Timestamp(microseconds: 1_769_903_999_000_001)
    private static let second: Int64 = 1_000_000_000

    private func take(
        _ tally: inout RefusalTally, _ code: String = "HSSGW.4002", of source: String = "192.0.2.7", at seconds: Int64 = 0,
        rate: RefusalRate? = RefusalRate()
    ) -> RecordID? {
        let time = Timestamp(microseconds: time.microseconds + seconds * 1_000_000)
        return tally.take(code, of: RefusalSource(address: source), at: time, now: seconds * Self.second, rate: rate) {
            identifiers.next(at: time)
        }
    }

    @Test func `lets ten a second of one source have a record each and counts the others in one sum`() {
        var tally = RefusalTally()
        #expect((0..<10).allSatisfy { _ in take(&tally) == nil })
        let first = take(&tally)
        #expect(first != nil)
        #expect((0..<99).allSatisfy { _ in take(&tally) == first })
        // A second later ten more are allowed.
        #expect((0..<10).allSatisfy { _ in take(&tally, at: 1) == nil })
        #expect(take(&tally, at: 1) == first)
        let sums = tally.flush(now: Self.second)
        #expect(sums.map(\.count) == [101])
        #expect(sums[0].source.text == "192.0.2.7" && sums[0].errorCode == "HSSGW.4002" && sums[0].id == first)
        #expect(sums[0].last.microseconds - sums[0].first.microseconds == 1_000_000)
        #expect(tally.flush(now: Self.second).isEmpty && tally.due == nil)
    }

    @Test func `keeps sources and codes apart, and takes the addresses of one slash 64 for one source`() {
        var tally = RefusalTally()
        let rate = RefusalRate(count: 1, period: .seconds(60))
        for source in ["2001:db8::1", "2001:db8:0:0:ffff::2", "2001:db8:0:1::1", "192.0.2.7", "::ffff:192.0.2.7", "unix"] {
            _ = take(&tally, of: source, rate: rate)
            _ = take(&tally, "HSSGW.4000", of: source, rate: rate)
        }
        let sums = tally.flush(now: 0).map { "\($0.source.text) \($0.errorCode) \($0.count)" }.sorted()
        #expect(
            sums == [
                "192.0.2.7 HSSGW.4000 2", "192.0.2.7 HSSGW.4002 1", "2001:db8:0:0::/64 HSSGW.4000 2", "2001:db8:0:0::/64 HSSGW.4002 1",
                "2001:db8:0:1::/64 HSSGW.4000 1", "unix HSSGW.4000 1",
            ])
    }

    @Test func `tells a bounded number of sources apart and loses no refusal`() {
        var tally = RefusalTally()
        var recorded: Int64 = 0
        for number in 0..<5_000 {
            for _ in 0..<12 where take(&tally, of: "10.0.\(number >> 8).\(number & 255)") == nil { recorded += 1 }
        }
        let sums = tally.flush(now: 0)
        #expect(sums.count == RefusalTally.sourceLimit + 1)
        #expect(sums.reduce(recorded) { $0 + $1.count } == 60_000)
        #expect(recorded == Int64(RefusalTally.sourceLimit + 1) * 10)
        #expect(sums.contains { $0.source == .others })
        // Expired sources make room for others.
        _ = tally.flush(now: 2 * Self.second)
        #expect(take(&tally, of: "198.51.100.1", at: 2) == nil)
    }

    @Test func `sums up everything in few records while refusals have no room on the disk`() {
        var tally = RefusalTally()
        for number in 0..<1_000 { #expect(take(&tally, of: "10.0.\(number >> 8).\(number & 255)", rate: nil) != nil) }
        let sums = tally.flush(now: 0)
        #expect(sums.count == RefusalTally.scarceSourceLimit + 1)
        #expect(sums.reduce(0) { $0 + $1.count } == 1_000)
    }

    @Test func `goes on counting what the journal did not take`() throws {
        var tally = RefusalTally()
        for _ in 0..<5 { _ = take(&tally, rate: nil) }
        let refused = tally.flush(now: 0)
        _ = take(&tally, at: 3, rate: nil)
        tally.takeBack(refused, now: 0)
        #expect(tally.due == 0)
        let sum = try #require(tally.flush(now: 0).first)
        #expect(sum.count == 6 && sum.id == refused[0].id)
        #expect(sum.last.microseconds - sum.first.microseconds == 3_000_000)
    }
}
