import Testing

@testable import Audit
@testable import Recollection

@Suite struct ExportCountsTests {
    private static let noon = Timestamp(microseconds: 1_795_392_000_000_000 + 43_200_000_000)

    private static func count(_ exchange: Exchange) -> Int {
        var exchange = exchange
        exchange.time = noon
        var counts = ExportCounts()
        counts.note(RecordFact(exchange.record(RecordIDGenerator())))
        return counts.count(of: "a", at: noon)
    }

    @Test(arguments: [
        ("one that HSS took", Exchange(), 1), ("one that was retried", Exchange(attempts: 3), 1),
        ("one that HSS may have taken", Exchange(status: 502, outcome: .failure), 1),
        ("one without an answer", Exchange(status: 504, outcome: .failure), 1),
        ("one that a crash cut off", Exchange(status: nil, outcome: .unknown, attempts: nil), 1),
        ("one that HSS refused", Exchange(status: 400, outcome: .failure), 0),
        ("one that HSS throttled", Exchange(status: 429, outcome: .failure), 0),
        ("one that the gateway refused", Exchange(phase: .refusal, status: 403, outcome: .refused, attempts: nil), 0),
        ("one that never connected", Exchange(phase: .refusal, status: 502, outcome: .failure), 0),
        ("one whose first answer was given again", Exchange(attempts: nil), 0),
        ("its request record", Exchange(phase: .request, status: nil, outcome: nil, attempts: nil), 0),
        ("a poll", Exchange(kind: .read, task: "t"), 0),
        ("somebody else's", Exchange(caller: "b"), 0),
    ])
    func `counts each export once`(what: String, exchange: Exchange, expected: Int) {
        #expect(Self.count(exchange) == expected, "\(what)")
    }

    @Test(arguments: ["0", "-1", "9223372036854775807", "1099511627777", "99999999999999999999"])
    func `takes no saved count that counting on could not go on from`(count: String) {
        var counts = ExportCounts()
        let isTaken = counts.restore(SavedLine(["a", "20000", count]))
        #expect(!isTaken)
    }

    @Test func `holds room while an export is under way`() {
        var counts = ExportCounts()
        let first = [counts.reserve("a", at: Self.noon, limit: 2), counts.reserve("a", at: Self.noon, limit: 2)]
        #expect(first == [true, true])
        let third = counts.reserve("a", at: Self.noon, limit: 2)
        #expect(!third)
        let other = counts.reserve("b", at: Self.noon, limit: 2)
        #expect(other, "each caller has its own")
        counts.settle("a", at: Self.noon)
        let again = counts.reserve("a", at: Self.noon, limit: 2)
        #expect(again, "what wasn't used is free again")
    }

    @Test func `begins anew at midnight UTC, and says when that is`() {
        let before = Timestamp(microseconds: 1_795_391_999_999_999)
        let after = Timestamp(microseconds: 1_795_392_000_000_000)
        var counts = ExportCounts()
        let taken = [
            counts.reserve("a", at: before, limit: 1), counts.reserve("a", at: before, limit: 1), counts.reserve("a", at: after, limit: 1),
        ]
        #expect(taken == [true, false, true])
        #expect(ExportCounts.secondsUntilNextDay(from: before) == 1)
        #expect(ExportCounts.secondsUntilNextDay(from: after) == 86_400)
    }
}
