import Testing

@testable import Policy

/// Numbers in a line's stored state, which anybody may have changed who can write the database.
struct StoredNumbersTests {
    private static func request(_ ticket: Int, _ caller: String, owner: Int64) -> OperationLine.Request {
        OperationLine.Request(ticket: ticket, caller: caller, credentials: ["keys"], owner: owner)
    }

    @Test func `numbers that no gateway writes are refused or bounded, so that what becomes of a state can be read by all`() throws {
        let rules = FlowRules(pace: .adaptive)
        let now = Duration.seconds(1_795_000_000)
        func learnt(_ quota: Quota, streak: Int = 0) -> OperationLine {
            var line = OperationLine(rules: rules)
            _ = line.throttled(
                unpaced: Self.request(1, "a", owner: 1), credential: "keys", notice: QuotaNotice(quota: quota), departure: now, at: now)
            line.paces["keys"]?.streak = streak
            return line
        }
        // A state with a longer period is written with the longest that there is.
        let long = learnt(Quota(limit: 5, period: .seconds(864_000_000_000))).encoded(at: now)
        let again = try #require(OperationLine(decoding: long, rules: rules))
        #expect(again.paces["keys"]?.quota == Quota(limit: 5, period: .seconds(86_400)))
        // What is learnt from the largest numbers is not larger.
        let largest = learnt(Quota(limit: 10_000_000, period: .seconds(1)), streak: 1_000_000).encoded(at: now)
        var line = try #require(OperationLine(decoding: largest, rules: rules))
        for second in [2, 4_000] {
            _ = line.throttled(
                unpaced: Self.request(second, "a", owner: 1), credential: "keys", notice: QuotaNotice(), departure: now + .seconds(second),
                at: now + .seconds(second))
            #expect(OperationLine(decoding: line.encoded(at: now), rules: rules) != nil)
        }
        var paced = try #require(line.paces["keys"])
        (paced.quota, paced.calmSince) = (Quota(limit: 10_000_000, period: .seconds(1)), .zero)
        #expect(paced.pass(to: paced.lastThrottled + .seconds(1), isWanted: true) && paced.quota?.limit == 10_000_000)
        // A call that left in the first year of the range, and whose answer came in the last.
        let pace = Quota(limit: 5, period: .seconds(60))
        let fixed = FlowRules(pace: .fixed(perOperation: pace, perAPI: pace))
        var slow = OperationLine(rules: fixed)
        _ = slow.arrive(Self.request(1, "a", owner: 1), at: .seconds(-315_000_000_000), hasRoom: true)
        slow.answered(1, at: .seconds(315_000_000_000))
        #expect(OperationLine(decoding: slow.encoded(at: now), rules: fixed) != nil)
    }

    @Test(arguments: [("limit:5,time:1 day", 5), ("limit:70,time:7 day", 10), ("limit:1,time:10000000 day", 1), ("limit:48,time:48 hour", 24)])
    func `a quota that is told for longer than a day is a day's share of it`(text: String, limit: Int) {
        #expect(QuotaNotice(text: text).quota == Quota(limit: limit, period: .seconds(86_400)))
    }
}
