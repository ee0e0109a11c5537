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

    /// What a journal with room records.
    private func flush(_ tally: inout RefusalTally, now: Int64) -> [RefusalTally.Sum] {
        var recorded: [RefusalTally.Sum] = []
        for sum in tally.begin() {
            tally.record(sum, now: now) {
                recorded.append($0)
                return true
            }
        }
        tally.forget(now: now)
        return recorded
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
        let sums = flush(&tally, now: Self.second)
        #expect(sums.map(\.count) == [101])
        #expect(sums[0].source.text == "192.0.2.7" && sums[0].errorCode == "HSSGW.4002" && sums[0].id == first)
        #expect(sums[0].last.microseconds - sums[0].first.microseconds == 1_000_000)
        #expect(flush(&tally, now: Self.second).isEmpty && tally.due == nil)
    }

    @Test func `keeps sources and codes apart, and takes the addresses of one slash 64 for one source`() {
        var tally = RefusalTally()
        let rate = RefusalRate(count: 1, period: .seconds(60))
        for source in ["2001:db8::1", "2001:db8:0:0:ffff::2", "2001:db8:0:1::1", "192.0.2.7", "::ffff:192.0.2.7", "unix"] {
            _ = take(&tally, of: source, rate: rate)
            _ = take(&tally, "HSSGW.4000", of: source, rate: rate)
        }
        let sums = flush(&tally, now: 0).map { "\($0.source.text) \($0.errorCode) \($0.count)" }.sorted()
        #expect(
            sums == [
                "192.0.2.7 HSSGW.4000 2", "192.0.2.7 HSSGW.4002 1", "2001:db8:0:1::/64 HSSGW.4000 1", "2001:db8::/64 HSSGW.4000 2",
                "2001:db8::/64 HSSGW.4002 1", "unix HSSGW.4000 1",
            ])
    }

    @Test func `tells a bounded number of sources apart and loses no refusal`() {
        var tally = RefusalTally()
        var recorded: Int64 = 0
        for number in 0..<5_000 {
            for _ in 0..<12 where take(&tally, of: "10.0.\(number >> 8).\(number & 255)") == nil { recorded += 1 }
        }
        let sums = flush(&tally, now: 0)
        #expect(sums.count == RefusalTally.sourceLimit + 1)
        #expect(sums.reduce(recorded) { $0 + $1.count } == 60_000)
        #expect(recorded == Int64(RefusalTally.sourceLimit + 1) * 10)
        #expect(sums.contains { $0.source == .others })
        // Expired sources make room for others.
        _ = flush(&tally, now: 2 * Self.second)
        #expect(take(&tally, of: "198.51.100.1", at: 2) == nil)
    }

    @Test func `sums up everything in few records while refusals have no room on the disk`() {
        var tally = RefusalTally()
        for number in 0..<1_000 { #expect(take(&tally, of: "10.0.\(number >> 8).\(number & 255)", rate: nil) != nil) }
        let sums = flush(&tally, now: 0)
        #expect(sums.count == RefusalTally.scarceSourceLimit + 1)
        #expect(sums.reduce(0) { $0 + $1.count } == 1_000)
    }

    @Test func `goes on counting what the journal did not take, in the record that answers name already`() throws {
        var tally = RefusalTally()
        for _ in 0..<5 { _ = take(&tally, rate: nil) }
        let sums = tally.begin()
        #expect(tally.due == nil)
        #expect(take(&tally, at: 3, rate: nil) == sums[0].id, "while it is being recorded")
        for sum in sums { tally.record(sum, now: 0) { _ in false } }
        #expect(tally.due == 0)
        #expect(take(&tally, at: 4, rate: nil) == sums[0].id)
        let sum = try #require(flush(&tally, now: 0).first)
        #expect(sum.count == 7 && sum.id == sums[0].id)
        #expect(sum.last.microseconds - sum.first.microseconds == 4_000_000)
        #expect(take(&tally, at: 4, rate: nil) != sum.id, "what was recorded counts nothing more")
    }

    @Test func `has few sums however often a full disk takes none of them`() {
        var tally = RefusalTally()
        for round in 0..<50 {
            for sum in tally.begin() { tally.record(sum, now: 0) { _ in false } }
            for number in 0..<20 { _ = take(&tally, of: "10.0.\(round).\(number)", rate: nil) }
            tally.forget(now: 0)
        }
        let sums = flush(&tally, now: 0)
        #expect(sums.count == RefusalTally.scarceSourceLimit + 1)
        #expect(sums.reduce(0) { $0 + $1.count } == 1_000)
        #expect(flush(&tally, now: 0).isEmpty && take(&tally, of: "10.1.0.0", rate: nil) != nil)
    }

    @Test func `records a sum once although two threads record at a time`() {
        var tally = RefusalTally()
        _ = take(&tally, rate: nil)
        let (sums, same) = (tally.begin(), tally.begin())
        var recorded = 0
        for sum in sums + same {
            tally.record(sum, now: 0) { _ in
                recorded += 1
                return true
            }
        }
        #expect(recorded == 1)
    }
}
