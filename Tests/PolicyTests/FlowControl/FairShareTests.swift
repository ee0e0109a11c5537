import Policy
import Testing

/// Twenty teams with a quota of five a minute, for an hour of simulated time.
@Suite struct FairShareTests {
    private static let quota = Quota(limit: 5, period: .seconds(60))
    private static let hour = Duration.seconds(3_600)

    private static func fixed(wait: Duration) -> FlowRules {
        FlowRules(pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: wait)
    }

    private static func mean(_ world: FlowWorld) -> String {
        "served \(world.served), refused \(world.teams.reduce(0) { $0 + $1.refused }), upstream 429 \(world.rejected)"
    }

    private static func check(
        _ world: FlowWorld, _ name: String, allowed: Double, shares: [Int], rejections: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let goodput = Double(world.served) / allowed
        let jain = FlowWorld.jain(shares)
        print("fair share: \(name): goodput \(Int(goodput * 1000)) per mille, Jain \(Int(jain * 1000)) per mille, \(mean(world))")
        #expect(goodput >= 0.95, sourceLocation: sourceLocation)
        #expect(jain >= 0.95, sourceLocation: sourceLocation)
        #expect(world.rejected <= rejections, sourceLocation: sourceLocation)
        #expect(world.waitedTooLong == 0, "a promise to leave in time was not kept", sourceLocation: sourceLocation)
    }

    @Test(arguments: UpstreamWindow.Kind.allCases, [Duration.seconds(30), .seconds(600)])
    func `patient teams share a written pace evenly, and the upstream never says 429`(kind: UpstreamWindow.Kind, wait: Duration) {
        var world = FlowWorld(
            rules: Self.fixed(wait: wait), teams: Array(repeating: .patient, count: 20),
            upstreams: ["keys": UpstreamWindow(kind, Self.quota, phase: .seconds(17))], seed: 1)
        world.run(until: Self.hour)
        Self.check(world, "patient, \(kind.rawValue), waits \(wait)", allowed: 300, shares: world.teams.map(\.served))
    }

    @Test(arguments: UpstreamWindow.Kind.allCases)
    func `a flood and teams that never look at Retry-After push nobody out`(kind: UpstreamWindow.Kind) {
        let teams: [FlowWorld.Behaviour] =
            [.flood(10)] + Array(repeating: .stubborn, count: 4) + Array(repeating: .patient, count: 15)
        var world = FlowWorld(
            rules: Self.fixed(wait: .seconds(30)), teams: teams, upstreams: ["keys": UpstreamWindow(kind, Self.quota, phase: .seconds(41))],
            seed: 2)
        world.run(until: Self.hour / 3)
        Self.check(world, "flood, \(kind.rawValue)", allowed: 100, shares: world.teams.map(\.served))
    }

    @Test func `requests at random times, half again as many as the quota, share it`() {
        // Each team sends 22.5 requests an hour and could get 15.
        var world = FlowWorld(
            rules: Self.fixed(wait: .seconds(300)), teams: Array(repeating: .random(gap: .seconds(160)), count: 20),
            upstreams: ["keys": UpstreamWindow(.sliding, Self.quota)], seed: 3)
        world.run(until: Self.hour * 4)
        Self.check(world, "random", allowed: 1_200, shares: world.teams.map(\.served))
    }

    @Test(arguments: UpstreamWindow.Kind.allCases)
    func `adaptive learns the pace from the first 429 and keeps it`(kind: UpstreamWindow.Kind) {
        var world = FlowWorld(
            rules: FlowRules(pace: .adaptive), teams: Array(repeating: .patient, count: 20),
            upstreams: ["keys": UpstreamWindow(kind, Self.quota, phase: .seconds(5))], seed: 4)
        world.run(until: Self.hour)
        // The first burst, and the rare attempts at a higher pace.
        Self.check(world, "adaptive, \(kind.rawValue)", allowed: 300, shares: world.teams.map(\.served), rejections: 40)
    }

    @Test func `adaptive takes the documented quota from a 429 without numbers`() {
        var world = FlowWorld(
            rules: FlowRules(pace: .adaptive), teams: Array(repeating: .patient, count: 20),
            upstreams: ["keys": UpstreamWindow(.sliding, Self.quota, countsRejected: true)], seed: 5, notice: { _ in QuotaNotice() })
        world.run(until: Self.hour)
        Self.check(world, "adaptive, no numbers", allowed: 300, shares: world.teams.map(\.served), rejections: 60)
    }

    @Test(arguments: UpstreamWindow.Kind.allCases, [true, false])
    func `a written pace of a longer span than the upstream's serves at the upstream's pace`(kind: UpstreamWindow.Kind, saysQuota: Bool) {
        let written = FlowRules(
            pace: .fixed(perOperation: Quota(limit: 600, period: .seconds(60)), perAPI: Quota(limit: 6_000, period: .seconds(60))),
            longestWait: .seconds(60))
        var world = FlowWorld(
            rules: written, teams: [.flood(200)], upstreams: ["keys": UpstreamWindow(kind, Quota(limit: 10, period: .seconds(1)))], seed: 8,
            way: (.milliseconds(5), .milliseconds(10)), notice: { QuotaNotice(quota: saysQuota ? $0 : nil) })
        world.run(until: .seconds(60))
        #expect(world.served >= 480)
        #expect(world.rejected <= (saysQuota ? 400 : 800), "the first burst, and attempts at a higher pace")
    }

    @Test func `a team that had many before the first 429 stands behind those that had none`() {
        var scheduler = FlowScheduler(rules: FlowRules(pace: .adaptive, longestWait: .seconds(600)))
        let notice = QuotaNotice(quota: Quota(limit: 2, period: .seconds(60)))
        func call(_ ticket: Int, _ caller: String) -> FlowScheduler.UnpacedCall {
            FlowScheduler.UnpacedCall(
                request: OperationLine.Request(ticket: ticket, caller: caller, credentials: ["keys"]), credential: "keys", departure: .zero)
        }
        // Of twelve that left at once two were accepted, both of the loud team; its others are sent again first, the quiet ones'
        // after.
        for ticket in 1...8 { _ = scheduler.throttled(unpaced: call(ticket, "loud"), operation: 7, notice: notice, at: .milliseconds(10)) }
        for ticket in 11...12 {
            _ = scheduler.throttled(unpaced: call(ticket, "quiet-\(ticket)"), operation: 7, notice: notice, at: .milliseconds(11))
        }
        _ = scheduler.remember(
            [.init(caller: "loud", time: .zero), .init(caller: "loud", time: .zero)], credential: "keys", operation: 7, at: .milliseconds(12))
        var order: [Int] = []
        for second in 0...400 {
            for resolutions in scheduler.advance(to: .seconds(second)) {
                if case .leave = resolutions.verdict { order.append(resolutions.ticket) }
                scheduler.answered(resolutions.ticket, operation: 7, at: .seconds(second))
            }
        }
        #expect(Set(order.prefix(2)) == [11, 12])
        #expect(order.count == 10)
    }

    @Test func `two credentials carry twice as much`() {
        var world = FlowWorld(
            rules: Self.fixed(wait: .seconds(30)), teams: Array(repeating: .patient, count: 20),
            upstreams: ["a": UpstreamWindow(.sliding, Self.quota), "b": UpstreamWindow(.fixed, Self.quota, phase: .seconds(33))], seed: 6)
        world.run(until: Self.hour)
        Self.check(world, "two credentials", allowed: 600, shares: world.teams.map(\.served))
        #expect(world.upstreams.values.allSatisfy { $0.admitted >= 285 })
    }

    @Test func `a quick quota is shared as well as a slow one`() {
        let quick = Quota(limit: 5, period: .seconds(2))
        var world = FlowWorld(
            rules: FlowRules(pace: .fixed(perOperation: quick, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: .seconds(1)),
            teams: [.flood(10)] + Array(repeating: .patient, count: 19), upstreams: ["keys": UpstreamWindow(.sliding, quick)], seed: 7,
            way: (.milliseconds(10), .milliseconds(20)))
        world.run(until: .seconds(200))
        Self.check(world, "quick", allowed: 500, shares: world.teams.map(\.served))
    }

    @Test func `patient callers who come when they were told are let through`() {
        var world = FlowWorld(
            rules: Self.fixed(wait: .seconds(2)), teams: Array(repeating: .patient, count: 20),
            upstreams: ["keys": UpstreamWindow(.sliding, Self.quota)], seed: 8)
        world.run(until: Self.hour)
        print("fair share: told once and refused again: \(world.secondRefusals) of \(world.served)")
        #expect(world.secondRefusals * 20 <= world.served)
        #expect(FlowWorld.jain(world.teams.map(\.served)) >= 0.95)
    }
}
