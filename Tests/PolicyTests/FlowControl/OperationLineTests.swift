import Policy
import Testing

@Suite struct OperationLineTests {
    private static let rules = FlowRules(
        pace: .fixed(perOperation: Quota(limit: 2, period: .seconds(60)), perAPI: Quota(limit: 600, period: .seconds(60))),
        longestWait: .seconds(200))

    private static func request(_ ticket: Int, _ caller: String, _ credentials: [String] = ["keys"]) -> OperationLine.Request {
        OperationLine.Request(ticket: ticket, caller: caller, credentials: credentials)
    }

    /// A line whose two slots have just been taken, and answered at once.
    private static func taken(_ rules: FlowRules = rules) -> OperationLine {
        var line = OperationLine(rules: rules)
        for ticket in 1...2 {
            #expect(line.arrive(request(ticket, "early"), at: .zero, hasRoom: true) == .leave(credential: "keys"))
            line.answered(ticket, at: .zero)
        }
        return line
    }

    @Test func `callers take turns, each in its own order`() {
        var line = Self.taken()
        for (ticket, caller) in [(10, "loud"), (11, "loud"), (20, "quiet")] {
            #expect(line.arrive(Self.request(ticket, caller), at: .seconds(1), hasRoom: true) == .wait)
        }
        var order: [Int] = []
        for second in 2...200 {
            for resolutions in line.advance(to: .seconds(second)) {
                order.append(resolutions.ticket)
                line.answered(resolutions.ticket, at: .seconds(second))
            }
        }
        #expect(order == [10, 20, 11])
    }

    @Test func `nobody is let in before a promise that this would break`() {
        var rules = Self.rules
        rules.longestWait = .seconds(70)
        var line = Self.taken(rules)
        // Both slots of the next minute are promised; the third would leave after 120 seconds.
        #expect(line.arrive(Self.request(10, "loud"), at: .seconds(1), hasRoom: true) == .wait)
        #expect(line.arrive(Self.request(11, "other"), at: .seconds(1), hasRoom: true) == .wait)
        #expect(line.arrive(Self.request(20, "quiet"), at: .seconds(2), hasRoom: true) == .refuse(retryAfter: .seconds(118)))
        #expect(line.advance(to: .seconds(61)).map(\.ticket) == [10, 11])
    }

    @Test func `a caller is promised no more turns within the longest wait than its share of them`() {
        var line = Self.taken()
        // Two callers, a call each half minute, 200 seconds: three each.
        let verdicts = (10...13).map { line.arrive(Self.request($0, "loud"), at: .seconds(1), hasRoom: true) }
        #expect(verdicts == [.wait, .wait, .wait, .refuse(retryAfter: .seconds(201))])
        #expect(line.arrive(Self.request(20, "quiet"), at: .seconds(2), hasRoom: true) == .wait)
        // It is the newcomer's turn before the second one of the caller with many requests.
        #expect(line.advance(to: .seconds(61)).map(\.ticket) == [10, 20])
    }

    @Test func `a refused caller is let through when it comes as it was told, whoever else is there`() {
        var rules = Self.rules
        rules.longestWait = .seconds(2)
        var line = Self.taken(rules)
        #expect(line.arrive(Self.request(10, "told"), at: .seconds(1), hasRoom: true) == .refuse(retryAfter: .seconds(59)))
        #expect(line.arrive(Self.request(11, "also"), at: .seconds(1), hasRoom: true) == .refuse(retryAfter: .seconds(59)))
        for second in 2...59 {
            #expect(line.arrive(Self.request(20 + second, "pushy"), at: .seconds(second), hasRoom: true) != .leave(credential: "keys"))
        }
        #expect(line.arrive(Self.request(100, "told"), at: .seconds(60), hasRoom: true) == .wait)
        #expect(line.arrive(Self.request(101, "also"), at: .seconds(60), hasRoom: true) == .wait)
        #expect(Set(line.advance(to: .milliseconds(60_100)).map(\.ticket)) == [100, 101])
    }

    @Test func `a slot that its caller doesn't come for is used by others`() {
        var rules = Self.rules
        rules.longestWait = .seconds(2)
        var line = Self.taken(rules)
        #expect(line.arrive(Self.request(10, "gone"), at: .seconds(1), hasRoom: true) == .refuse(retryAfter: .seconds(59)))
        #expect(line.arrive(Self.request(11, "here"), at: .seconds(62), hasRoom: true) == .leave(credential: "keys"))
        #expect(line.arrive(Self.request(12, "here"), at: .seconds(62), hasRoom: true) == .leave(credential: "keys"))
    }

    @Test func `a place is free again when its caller hangs up`() {
        var line = Self.taken()
        for (ticket, caller) in [(10, "a"), (11, "b"), (12, "c")] {
            #expect(line.arrive(Self.request(ticket, caller), at: .seconds(1), hasRoom: true) == .wait, "\(caller)")
        }
        line.withdraw(10)
        #expect(line.advance(to: .seconds(61)).map(\.ticket) == [11, 12])
        #expect(line.waitingCount == 0)
    }

    @Test func `tells who waits, when the first of each leaves, and where the pace comes from`() {
        var line = Self.taken()
        for (ticket, caller) in [(10, "a"), (11, "a"), (12, "b")] { _ = line.arrive(Self.request(ticket, caller), at: .seconds(1), hasRoom: true) }
        let reading = line.readings(of: 7, at: .seconds(11)).first { $0.credential == "keys" }
        #expect(reading?.operation == 7 && reading?.counting == 2 && reading?.pace == Self.rules.pace)
        #expect(reading?.waiting.map(\.caller) == ["a", "b"] && reading?.waiting.map(\.requests) == [2, 1])
        // Both slots become free at the end of the minute, and callers take turns.
        #expect(reading?.waiting.map { $0.firstTurn.components.seconds } == [49, 49])
    }

    @Test func `no more wait than may`() {
        var line = Self.taken()
        #expect(line.arrive(Self.request(10, "a"), at: .seconds(1), hasRoom: false) == nil)
        #expect(line.waitingCount == 0)
    }

    @Test func `a call counts from the latest moment at which it can have arrived`() {
        var line = OperationLine(rules: Self.rules)
        for ticket in 1...2 { _ = line.arrive(Self.request(ticket, "a"), at: .zero, hasRoom: true) }
        _ = line.arrive(Self.request(3, "a"), at: .zero, hasRoom: true)
        line.answered(1, at: .milliseconds(700))
        // The second answer is late, but no transit takes longer than a fiftieth of the period.
        line.answered(2, at: .seconds(5))
        #expect(line.advance(to: .milliseconds(60_700)) == [])
        #expect(line.advance(to: .milliseconds(60_800)).map(\.ticket) == [3])
        _ = line.arrive(Self.request(4, "a"), at: .milliseconds(61_000), hasRoom: true)
        #expect(line.advance(to: .milliseconds(61_200)) == [])
        #expect(line.advance(to: .milliseconds(61_300)).map(\.ticket) == [4])
    }

    @Test func `the API's own quota is shared by all credentials`() {
        let rules = FlowRules(
            pace: .fixed(perOperation: Quota(limit: 5, period: .seconds(60)), perAPI: Quota(limit: 3, period: .seconds(60))),
            longestWait: .seconds(100))
        var line = OperationLine(rules: rules)
        let verdicts = (1...4).map { line.arrive(Self.request($0, "a", ["x", "y"]), at: .zero, hasRoom: true) }
        #expect(verdicts.count { if case .leave = $0 { true } else { false } } == 3)
        #expect(verdicts.last == .some(.wait))
    }

    @Test func `a call that came back with 429 takes its turn again while its time lasts`() {
        var line = OperationLine(rules: FlowRules(pace: .adaptive, longestWait: .seconds(70)))
        let call = { (ticket: Int, time: Duration) in
            FlowScheduler.UnpacedCall(request: Self.request(ticket, "team-\(ticket)"), credential: "keys", departure: time)
        }
        let notice = QuotaNotice(text: "The throttling threshold has been reached: policy user over ratelimit,limit:2,time:1 minute")
        let early = OperationLine.Departure(caller: "early", time: .zero)
        _ = line.remember([early], credential: "keys", at: .zero)
        let first = line.throttled(unpaced: call(1, .zero).request, credential: "keys", notice: notice, departure: .zero, at: .zero)
        _ = line.remember([early, early], credential: "keys", at: .zero)
        #expect(first.verdict == .wait || first.verdict == .leave(credential: "keys"))
        #expect(line.advance(to: .seconds(59)) == [])
        #expect(line.advance(to: .seconds(62)).map(\.ticket) == [1])
        // Once more: this time its own time is over.
        let again = line.throttled(1, notice, at: .seconds(63))
        #expect(again.verdict != .wait)
        #expect(line.isPaced)
    }
}

@Suite struct QuotaNoticeTests {
    @Test(arguments: [
        ("The throttling threshold has been reached: policy user over ratelimit,limit:5,time:1 minute", QuotaNotice.Scope.credential, 5, 60),
        ("The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 second", .all, 5, 1),
        ("policy api over ratelimit,limit:600,time:1 minute", .all, 600, 60),
        ("remain:9,limit:10,time:10 second", .credential, 10, 10),
        ("limit: 200, time: 24 hours", .credential, 200, 86_400),
    ])
    func `reads whose quota was used up and how large it is`(text: String, scope: QuotaNotice.Scope, limit: Int, seconds: Int) {
        let notice = QuotaNotice(text: text)
        #expect(notice.scope == scope)
        #expect(notice.quota == Quota(limit: limit, period: .seconds(seconds)))
    }

    @Test(arguments: [
        "", "The throttling threshold has been reached", "limit:,time:1 minute", "limit:0,time:1 minute", "limit:5,time:1 fortnight",
        "limit:99999999999999999999,time:1 minute", "limit:5",
    ])
    func `takes no number from a text that has none to go by`(text: String) {
        #expect(QuotaNotice(text: text).quota == nil)
    }
}
