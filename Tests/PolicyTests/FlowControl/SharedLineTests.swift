import Foundation
import Policy
import Testing

/// A line with a quota of five a minute that several gateways share, and its state as bytes.
@Suite struct SharedLineTests {
    private static let quota = Quota(limit: 5, period: .seconds(60))
    private static let half = Duration.seconds(1_800)

    /// Each number of gateways with one of the upstream's windows in turn; with `HSSGW_TEST_LONG=1` each with all of them.
    private static func mixes(_ gateways: [Int], _ kinds: [UpstreamWindow.Kind]) -> [(Int, UpstreamWindow.Kind)] {
        let all = gateways.flatMap { count in kinds.map { (count, $0) } }
        guard ProcessInfo.processInfo.environment["HSSGW_TEST_LONG"] == nil else { return all }
        return gateways.indices.map { (gateways[$0], kinds[$0 % kinds.count]) }
    }

    private static func rules(wait: Duration = .seconds(30)) -> FlowRules {
        FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: wait)
    }

    private static func check(
        _ world: SharedLineWorld, _ name: String, calls: Double = 150, goodput least: Double = 0.98, jain fair: Double = 0.98,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let goodput = Double(world.served.reduce(0, +)) / calls
        let jain = FlowWorld.jain(world.served)
        print(
            "shared line: \(name): goodput \(Int(goodput * 1_000)) per mille, Jain \(Int(jain * 1_000)) per mille, upstream 429 "
                + "\(world.upstream.rejected), longest wait \(world.longestWait), too late \(world.overdue), largest state "
                + "\(world.largestState) bytes")
        #expect(goodput >= least, sourceLocation: sourceLocation)
        #expect(jain >= fair, sourceLocation: sourceLocation)
        #expect(world.upstream.rejected == 0, sourceLocation: sourceLocation)
        #expect(world.longestWait <= world.rules.longestWait + FlowRules.tolerance, sourceLocation: sourceLocation)
    }

    private static let flood = [10] + Array(repeating: 1, count: 19)

    @Test(arguments: mixes([2, 5, 20], UpstreamWindow.Kind.allCases))
    func `twenty teams share the quota through any number of gateways`(gateways: Int, kind: UpstreamWindow.Kind) {
        var world = SharedLineWorld(
            rules: Self.rules(), gateways: gateways, teams: Self.flood, upstream: UpstreamWindow(kind, Self.quota, phase: .seconds(17)), seed: 1)
        world.run(until: Self.half)
        Self.check(world, "\(gateways) gateways, \(kind.rawValue)")
    }

    @Test func `a flood with a long wait gets no more than its share`() {
        var world = SharedLineWorld(
            rules: Self.rules(wait: .seconds(600)), gateways: 3, teams: Self.flood, upstream: UpstreamWindow(.sliding, Self.quota), seed: 2)
        world.run(until: Self.half * 2)
        Self.check(world, "flood, waits 600 s", calls: 300, jain: 0.97)
    }

    @Test func `late comers, lost notifications and a gateway that dies cost a little and break nothing`() {
        var late = SharedLineWorld(
            rules: Self.rules(), gateways: 5, teams: Self.flood, upstream: UpstreamWindow(.sliding, Self.quota), seed: 3, lateComers: 20)
        // Two hours: half an hour has too few turns to measure the effect of random delays.
        late.run(until: Self.half * 4)
        Self.check(late, "late comers", calls: 600, goodput: 0.95, jain: 0.95)
        var deaf = SharedLineWorld(
            rules: Self.rules(), gateways: 5, teams: Self.flood, upstream: UpstreamWindow(.sliding, Self.quota), seed: 4, hears: false)
        deaf.run(until: Self.half)
        Self.check(deaf, "no notification", goodput: 0.95)
        var dying = SharedLineWorld(
            rules: Self.rules(), gateways: 3, teams: Self.flood, upstream: UpstreamWindow(.sliding, Self.quota), seed: 5, death: Self.half / 3)
        dying.run(until: Self.half)
        Self.check(dying, "one dies", goodput: 0.95, jain: 0.95)
    }

    /// The database is unreachable for eight seconds of each minute, at another moment of the quota's window each time, and no gateway decides
    /// alone.
    @Test(arguments: mixes([2, 5], [.sliding, .fixed]))
    func `who waits has a turn that an outage of the database leaves alone, and no call is one too many`(gateways: Int, kind: UpstreamWindow.Kind) {
        let outages = (1..<28).map { minute in
            let begin = Duration.seconds(60 * minute + minute * 7 % 50)
            return (from: begin, to: begin + .seconds(8))
        }
        var world = SharedLineWorld(
            rules: Self.rules(), gateways: gateways, teams: Self.flood, upstream: UpstreamWindow(kind, Self.quota), seed: 11, outages: outages)
        world.run(until: Self.half)
        print("shared line: by kept turns \(world.leftByKept)")
        Self.check(world, "\(gateways) gateways, away for 8 of 60 s, \(kind.rawValue)", goodput: 0.95, jain: 0.95)
        #expect(world.leftByKept > 0)
    }

    /// Outages that are longer than everyone's patience, the second a moment after the first has ended; one gateway starts in the middle of
    /// the third.
    @Test(arguments: mixes([2, 5], [.sliding, .fixed]))
    func `gateways that go on alone, and come back, make no call too many`(gateways: Int, kind: UpstreamWindow.Kind) {
        let outages = [(90, 260), (262, 400), (600, 900), (1_000, 1_030)].map { (from: Duration.seconds($0.0), to: Duration.seconds($0.1)) }
        var world = SharedLineWorld(
            rules: Self.rules(), gateways: gateways, teams: Self.flood, upstream: UpstreamWindow(kind, Self.quota, phase: .seconds(11)),
            seed: UInt64(gateways), outages: outages, goesAlone: true, births: [gateways - 1: .seconds(700)])
        world.run(until: Self.half)
        #expect(world.upstream.rejected == 0)
        #expect(world.leftAlone > 0 && world.refusedBlind > 0)
        // 638 of 1,800 s are outages, each beginning with a minute of silence; of five calls two gateways make two each, five make one
        // each.
        #expect(world.upstream.admitted > 90)
        print("shared line: alone \(world.leftAlone), refused blind \(world.refusedBlind), in all \(world.upstream.admitted)")
    }

    /// Requests come rarely, so that a gateway's copy of the line is old; then the database becomes unreachable, and all gateways
    /// decide alone.
    @Test func `what others used since a gateway read the line is never used once more by it alone`() {
        let quota = Quota(limit: 6, period: .seconds(60))
        // The longest transit of a call to the upstream.
        let transit = quota.period / 50
        let rules = FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: .seconds(1))
        var random = SplitMix64(seed: 9)
        func moment(_ span: Duration) -> Duration { span * Double(random.next() >> 11) / 9_007_199_254_740_992 }
        for round in 1...60 {
            let gateways = 2 + round % 3
            var (shared, copies) = (OperationLine(rules: rules), [Int: OperationLine]())
            var left: [Duration] = []
            let away = Duration.seconds(100)
            for (ticket, now) in (1...40).map({ _ in moment(away) }).sorted().enumerated() {
                let gateway = Int(random.next() % UInt64(gateways))
                let request = Self.request(ticket, "a\(ticket)", owner: Int64(gateway + 1))
                if case .leave = shared.arrive(request, at: now, hasRoom: true) { left.append(now + moment(transit)) }
                copies[gateway] = shared
            }
            for (gateway, copy) in copies {
                var alone = OperationLine(rules: rules.part(of: gateways))
                alone.takeOver(copy, ahead: .zero, sharedUntil: away + rules.grace + transit)
                for (ticket, now) in (1...200).map({ (100 + $0, away + rules.grace + moment(.seconds(200))) }).sorted(by: { $0.1 < $1.1 }) {
                    let own = OperationLine.Request(ticket: ticket, caller: "b\(gateway)", credentials: ["keys"])
                    if case .leave = alone.arrive(own, at: now, hasRoom: true) { left.append(now + moment(transit)) }
                }
            }
            left.sort()
            for (index, first) in left.enumerated() where index + quota.limit < left.count {
                #expect(left[index + quota.limit] >= first + quota.period, "round \(round)")
            }
        }
    }

    @Test func `a kept turn is its request's alone, counts until it is told, and is given up by its own gateway`() throws {
        let quota = Quota(limit: 2, period: .seconds(10))
        let rules = FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))))
        var line = OperationLine(rules: rules)
        for ticket in 1...2 { _ = line.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .zero, hasRoom: true) }
        for ticket in 3...4 { #expect(line.arrive(Self.request(ticket, "b\(ticket)", owner: 2), at: .seconds(1), hasRoom: true) == .wait) }
        line.keepTurns(until: .seconds(11), at: .seconds(1))
        let turns = line.keptTurns(of: 2)
        #expect(turns.map(\.ticket) == [3, 4] && line.keptTurns(of: 1) == [] && turns.allSatisfy { $0.opens > .seconds(10) && $0.closes > $0.opens })
        #expect(!line.keepsMore(of: 2, until: .seconds(11), at: .seconds(1)))
        var early = line
        #expect(early.arrive(Self.request(6, "d", owner: 3), at: .seconds(2), hasRoom: true) == .wait)
        #expect(!early.keepsMore(of: 3, until: .seconds(12), at: .seconds(2)))
        // Behind both, which may still leave at this moment.
        #expect(early.keepsMore(of: 3, until: .seconds(31), at: .milliseconds(20_500)))
        // Another gateway, which doesn't know what happened to the kept turns: nothing is left for it until
        // they don't count any more.
        #expect(line.arrive(Self.request(5, "c", owner: 1), at: .seconds(11), hasRoom: true) == .wait)
        var other = line
        #expect(other.advance(to: .seconds(19), for: 1) == [])
        #expect(other.advance(to: .seconds(22), for: 1).map(\.ticket) == [5])
        // The actions of the turns' own gateway are reported late.
        var told = line
        told.leftByKept(3, with: "keys", at: turns[0].opens)
        told.leftByKept(3, with: "keys", at: turns[0].opens)
        #expect(told.standing(of: 3) == .departed(credential: "keys", at: turns[0].opens))
        // Its other request left the queue: its slot is free at once.
        told.withdraw(4)
        #expect(told.advance(to: .seconds(12), for: 1).map(\.ticket) == [5])
        // After an unused turn has passed, its owner asks again.
        var late = line
        #expect(late.advance(to: .seconds(13), for: 2).map(\.ticket) == [3, 4])
        // A 429 invalidates earlier computations.
        _ = line.throttled(1, QuotaNotice(), at: .seconds(2))
        #expect(line.keptTurns(of: 2) == [])
    }

    @Test func `what a request waited before counts, and whoever has waited for too long keeps its turn`() {
        var line = OperationLine(rules: Self.rules())
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .zero, hasRoom: true) }
        // The next turn is a minute away, and 25 of its 90 seconds are over.
        line.adopt(Self.rules(wait: .seconds(90)))
        #expect(line.arrive(Self.request(6, "b", owner: 1), since: .seconds(-25), at: .seconds(1), hasRoom: true) == .wait)
        let hopeless = line.arrive(Self.request(7, "c", owner: 1), since: .seconds(-35), at: .seconds(1), hasRoom: true)
        #expect(hopeless == .refuse(retryAfter: .seconds(59)))
        // A turn that was missed is taken again at the old place, and by nobody who came later.
        #expect(line.advance(to: .seconds(62), for: 1).map(\.ticket) == [6])
        #expect(line.arrive(Self.request(8, "d", owner: 1), at: .seconds(62), hasRoom: true) == .leave(credential: "keys"))
        #expect(line.missed(Self.request(6, "b", owner: 1), since: .seconds(-25), at: .seconds(63)) == .wait)
        #expect(line.advance(to: .seconds(63), for: 1).map(\.ticket) == [6])
        #expect(line.missed(Self.request(6, "b", owner: 1), since: .seconds(-25), at: .seconds(66)) == .refuse(retryAfter: .seconds(1)))
        // Said again of one that the line doesn't know any more.
        #expect(line.missed(Self.request(9, "e", owner: 1), since: .seconds(60), at: .seconds(66)) == .leave(credential: "keys"))
        var late = OperationLine(rules: Self.rules(wait: .seconds(90)))
        for ticket in 1...6 { _ = late.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .zero, hasRoom: true) }
        #expect(late.refuseWaiting(6, at: .seconds(30)) == .refuse(retryAfter: .seconds(30)) && late.refuseWaiting(6, at: .seconds(30)) == nil)
        #expect(late.claimCount == 1 && late.waitingCount == 0)
        #expect(late.arrive(Self.request(7, "a6", owner: 1), at: .seconds(62), hasRoom: true) == .leave(credential: "keys") && late.claimCount == 0)
    }

    @Test func `a line that is stored goes on at the pace that its gateway has written down`() throws {
        var line = OperationLine(rules: Self.rules())
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .zero, hasRoom: true) }
        let bytes = line.encoded(at: .zero)
        for (limit, isFree) in [(2, false), (9, true)] {
            let quota = Quota(limit: limit, period: .seconds(60))
            let rules = FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))))
            var read = try #require(OperationLine(decoding: bytes, rules: rules))
            #expect(read.quotas.contains { $0.credential == "keys" && $0.quota == quota })
            let verdict = read.arrive(Self.request(6, "b", owner: 1), at: .seconds(1), hasRoom: true)
            #expect((verdict == .leave(credential: "keys")) == isFree, "what left counts for the new pace")
        }
    }

    /// Of two that change a line in one moment the second may have the earlier clock, by as much as the database lets through.
    @Test func `a line's time does not run backwards by what two clocks differ`() {
        let quota = Quota(limit: 1, period: .seconds(1))
        let rules = FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))))
        func attempt(_ copy: LineCopy, at now: Duration) -> LineCopy.Attempt {
            copy.attempt([], rules: rules, owner: 1, at: now, absence: .init(span: .zero, returning: .zero), horizon: .seconds(10))
        }
        var copy = LineCopy(machine: OperationLine(rules: rules))
        let isRead = copy.take(OperationLine(rules: rules).encoded(at: .seconds(100)), version: 7, rules: rules)
        #expect(isRead)
        #expect(attempt(copy, at: .seconds(100) - .milliseconds(40)).now == .seconds(100))
        #expect(attempt(copy, at: .seconds(101)).now == .seconds(101))
        #expect(attempt(copy, at: .seconds(90)).now == .seconds(90), "a clock that stepped back is believed")
    }

    // MARK: - The state

    private static func request(_ ticket: Int, _ caller: String, owner: Int64) -> OperationLine.Request {
        OperationLine.Request(ticket: ticket, caller: caller, credentials: ["keys"], owner: owner)
    }

    @Test func `a gateway lets its own requests leave and nobody else's, and passes by who doesn't come`() {
        var line = OperationLine(rules: Self.rules(wait: .seconds(120)))
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .zero, hasRoom: true) }
        for ticket in 1...5 { line.answered(ticket, at: .milliseconds(10)) }
        #expect(line.arrive(Self.request(6, "b", owner: 1), at: .seconds(1), hasRoom: true) == .wait)
        #expect(line.arrive(Self.request(7, "c", owner: 2), at: .seconds(2), hasRoom: true) == .wait)
        // All five slots are free by now: one is kept for the request in front, which is the other gateway's.
        let free = Duration.seconds(61)
        #expect(line.advance(to: free, for: 2) == [OperationLine.Resolution(ticket: 7, verdict: .leave(credential: "keys"))])
        #expect(line.standing(of: 6) == .waiting)
        #expect(line.advance(to: free, for: 1).map(\.ticket) == [6])
        #expect(line.standing(of: 6) == .departed(credential: "keys", at: free))
        #expect(line.standing(of: 8) == nil)
    }

    @Test func `a clock that stepped back blocks a line for no longer than a period, also one that was held`() throws {
        var line = OperationLine(rules: Self.rules(wait: .seconds(120)))
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .seconds(3_600), hasRoom: true) }
        for ticket in 1...5 { line.answered(ticket, at: .seconds(3_600)) }
        line.assumeUse(during: .seconds(60), since: .seconds(3_540), at: .seconds(3_600), until: .seconds(3_602))
        line.stepBack(to: .seconds(10))
        #expect(line.arrive(Self.request(6, "b", owner: 1), at: .seconds(10), hasRoom: true) == .wait)
        #expect(line.advance(to: .seconds(69), for: 1) == [], "what left by the old clock may have left just now")
        #expect(line.advance(to: .seconds(80), for: 1).map(\.ticket) == [6])
    }

    @Test func `whom a gateway lets others pass is told once it happens`() {
        var line = OperationLine(rules: Self.rules(wait: .seconds(120)))
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "a\(ticket)", owner: 1), at: .zero, hasRoom: true) }
        for ticket in 1...5 { line.answered(ticket, at: .milliseconds(10)) }
        #expect(line.arrive(Self.request(6, "b", owner: 1), at: .seconds(1), hasRoom: true) == .wait)
        #expect(line.advance(to: .seconds(61), for: 2) == [] && line.passedBy == [])
        #expect(line.arrive(Self.request(7, "c", owner: 2), at: .seconds(61), hasRoom: true) != nil)
        #expect(line.advance(to: .seconds(70), for: 2).allSatisfy { $0.ticket == 7 })
        #expect(line.arrive(Self.request(8, "d", owner: 2), at: .seconds(70), hasRoom: true) != nil)
        _ = line.advance(to: .seconds(72), for: 2)
        #expect(Set(line.passedBy).isSubset(of: [6]))
    }

    @Test(arguments: [(5, 2, 2), (5, 5, 1), (10, 3, 3), (600, 7, 85)])
    func `gateways that decide alone never make one call too many together`(limit: Int, gateways: Int, each: Int) {
        let whole = FlowRules(pace: .fixed(perOperation: Quota(limit: limit, period: .seconds(60)), perAPI: Quota(limit: 600, period: .seconds(60))))
        guard case .fixed(let part, _) = whole.part(of: gateways).pace else { preconditionFailure("a written pace stays one") }
        #expect(part == Quota(limit: each, period: .seconds(60)) && part.limit * gateways <= limit)
    }

    @Test func `what left by the line counts for a gateway that goes on alone, and what left without it counts afterwards`() {
        let rules = Self.rules(wait: .seconds(1))
        var line = OperationLine(rules: rules)
        let ahead = Duration.seconds(1_795_000_000)
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "a", owner: 1), at: ahead + .seconds(10), hasRoom: true) }
        var alone = OperationLine(rules: rules.part(of: 2))
        alone.takeOver(line, ahead: ahead)
        #expect(alone.arrive(Self.request(6, "b", owner: 2), at: .seconds(20), hasRoom: true) != .leave(credential: "keys"))
        #expect(alone.arrive(Self.request(7, "c", owner: 2), at: .seconds(75), hasRoom: true) == .leave(credential: "keys"))
        // Unreachable for long: the whole quota may have been used. For a moment of a wide quota: little more than the first
        // call of each gateway.
        line.assumeUse(during: .seconds(60), since: ahead + .seconds(140), at: ahead + .seconds(200), until: ahead + .seconds(202))
        #expect(line.arrive(Self.request(8, "d", owner: 1), at: ahead + .seconds(201), hasRoom: true) != .leave(credential: "keys"))
        #expect(line.arrive(Self.request(9, "e", owner: 1), at: ahead + .seconds(265), hasRoom: true) == .leave(credential: "keys"))
        let wide = Quota(limit: 600, period: .seconds(60))
        var other = OperationLine(rules: FlowRules(pace: .fixed(perOperation: wide, perAPI: wide)))
        _ = other.arrive(Self.request(1, "a", owner: 1), at: .zero, hasRoom: true)
        other.assumeUse(during: .seconds(6), since: .zero, at: .seconds(1), until: .seconds(1))
        #expect(other.readings(of: 0, at: .seconds(1)).map(\.counting) == [81, 81])
        // Each gateway says it when it comes back, and it is one outage.
        other.assumeUse(during: .seconds(7), since: .zero, at: .seconds(2), until: .seconds(2))
        #expect(other.readings(of: 0, at: .seconds(2)).map(\.counting) == [91, 91])
    }

    @Test func `a state read back is the same line`() throws {
        let rules = Self.rules(wait: .seconds(2))
        var line = OperationLine(rules: rules)
        let start = Duration.seconds(1_795_000_000)
        for ticket in 1...5 { _ = line.arrive(Self.request(ticket, "team-\(ticket)", owner: 3), at: start, hasRoom: true) }
        line.answered(2, at: start + .milliseconds(40))
        _ = line.throttled(3, QuotaNotice(), at: start + .milliseconds(50))
        _ = line.arrive(Self.request(9, "späte Gäste", owner: 4), at: start + .milliseconds(70), hasRoom: true)
        line.keepTurns(until: start + .seconds(120), at: start + .milliseconds(75))
        let bytes = line.encoded(at: start + .milliseconds(80))
        let decoded = OperationLine(decoding: bytes, rules: rules)
        let again = try #require(decoded)
        #expect(again.encoded(at: start + .milliseconds(80)) == bytes)
        var (one, two) = (line, again)
        for second in 0..<90 {
            let now = start + .seconds(second)
            #expect(one.advance(to: now, for: 3) == two.advance(to: now, for: 3))
            #expect(one.nextMoment(after: now, for: 3) == two.nextMoment(after: now, for: 3))
        }
        #expect(bytes.count < 400)
    }

    @Test func `a quota for millions and the largest ticket leave a state that can be stored and read`() throws {
        let vast = Quota(limit: 10_000_000, period: .seconds(1))
        let rules = FlowRules(pace: .fixed(perOperation: vast, perAPI: vast))
        var line = OperationLine(rules: rules)
        let request = OperationLine.Request(ticket: .max, caller: "a", credentials: ["one", "two"], owner: 1)
        #expect(line.arrive(request, at: .seconds(1), hasRoom: true) == .leave(credential: "two"))
        for second in 2..<5 { line.assumeUse(during: .seconds(60), since: .zero, at: .seconds(second), until: .seconds(second)) }
        let stored = line.encoded(at: .seconds(5))
        let again = try #require(OperationLine(decoding: stored, rules: rules))
        #expect(again.encoded(at: .seconds(5)) == stored)
    }

    @Test func `bytes that are no state are refused, whatever they are`() {
        let rules = Self.rules()
        var line = OperationLine(rules: rules)
        for ticket in 1...9 { _ = line.arrive(Self.request(ticket, "team-\(ticket)", owner: 3), at: .seconds(5), hasRoom: true) }
        let bytes = line.encoded(at: .seconds(5))
        #expect(OperationLine(decoding: [], rules: rules) == nil)
        #expect(OperationLine(decoding: [1] + bytes.dropFirst(), rules: rules) == nil, "another form")
        for length in bytes.indices { #expect(OperationLine(decoding: Array(bytes[..<length]), rules: rules) == nil) }
        #expect(OperationLine(decoding: bytes + [0], rules: rules) == nil)
        var random = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            var changed = bytes
            changed[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            // It may be another valid state; what matters is that reading, using and writing it terminate.
            if var other = OperationLine(decoding: changed, rules: rules) { _ = other.advance(to: .seconds(70), for: 3) }
        }
    }
}
