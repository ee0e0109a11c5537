import Foundation
import Policy
import Testing

@testable import Gateway

/// Gateways that share a line, whatever becomes of its database: in the time of an event loop that the test moves, so that no machine is too slow.
/// One fault of each kind by default; `HSSGW_TEST_LONG=1` also lets them last for other times.
@Suite struct SharedQueueTests {
    private static let quota = Quota(limit: 5, period: .seconds(1))

    /// A turn is taken so long before it comes.
    private static let ahead = Duration.milliseconds(510)

    private static func world(_ paced: SharedState.Terms.Paced = .part, perAPI: Int = 600) -> SharedQueueWorld {
        let rules = FlowRules(
            pace: .fixed(perOperation: quota, perAPI: Quota(limit: perAPI, period: .seconds(60))), longestWait: .seconds(10), queue: 1_000)
        return SharedQueueWorld(rules: rules, gateways: 3, callers: 36, paced: paced)
    }

    /// What the database does, and for how long, milliseconds.
    struct Fault: CustomTestStringConvertible {
        let name: String
        let steps: [(condition: SharedRow.Condition, milliseconds: Int)]
        /// Whether it is one of those that stand for all others by default.
        var isTypical = false
        var testDescription: String { name }
    }

    /// It comes and goes.
    private static func turns(_ count: Int, away: Int, back: Int) -> [(condition: SharedRow.Condition, milliseconds: Int)] {
        Array(repeating: [(SharedRow.Condition.refuses, away), (.answers, back)], count: count).flatMap { $0 }
    }

    static let faults = [
        Fault(name: "a short restart", steps: [(.refuses, 300)]),
        Fault(name: "a restart", steps: [(.refuses, 3_000)], isTypical: true),
        Fault(name: "a long restart", steps: [(.refuses, 8_000)]),
        Fault(name: "an outage", steps: [(.refuses, 40_000)], isTypical: true),
        Fault(name: "it stands still for a moment", steps: [(.isSilent, 3_000)], isTypical: true),
        Fault(name: "it stands still", steps: [(.isSilent, 40_000)]),
        Fault(name: "it comes and goes", steps: turns(6, away: 4_000, back: 500)),
        Fault(name: "it comes and goes quickly", steps: turns(20, away: 700, back: 300)),
        Fault(name: "it comes and goes slowly", steps: turns(4, away: 9_000, back: 500)),
        Fault(name: "it comes after others may have gone on alone", steps: turns(3, away: 15_000, back: 500), isTypical: true),
        Fault(name: "it comes for a while", steps: turns(4, away: 13_000, back: 2_500)),
        Fault(name: "answers are lost", steps: [(.losesAnswers, 3_000)], isTypical: true),
        Fault(name: "answers are lost for long", steps: [(.losesAnswers, 40_000)]),
        Fault(name: "nobody hears anything", steps: [(.hangs, 40_000)], isTypical: true),
    ]

    static let chosen = ProcessInfo.processInfo.environment["HSSGW_TEST_LONG"] == nil ? faults.filter(\.isTypical) : faults

    @Test(arguments: chosen) func `every request has its turn or a refusal in time, and HSS never gets one call too many`(fault: Fault) {
        let world = Self.world()
        world.run(for: .seconds(12))
        let steady = world.departures.count { $0 >= .seconds(4) }
        for step in fault.steps {
            world.row.condition = step.condition
            world.run(for: .milliseconds(step.milliseconds))
        }
        world.row.condition = .answers
        let back = world.now
        let during = world.departures.count { $0 >= .seconds(12) }
        world.run(for: .seconds(25))
        // From then on nothing is left of what each gateway may have done without the others.
        let after = world.departures.count { $0 >= back + .seconds(10) }
        let unknown = world.requests.count { $0.outcome == .unknown }
        let refused = world.requests.count { $0.outcome == .refused }
        print(
            "shared queue: \(fault.name): longest wait \(world.longestWait), most in a second \(world.most(within: Self.quota.period)), "
                + "\(steady) of 40 before, \(during) in the meantime, \(after) of 75 after, 429 \(refused), 503 \(unknown), "
                + "longest pause \(world.longestPause)")
        #expect(world.longestWait <= world.rules.longestWait + FlowRules.tolerance + Self.ahead)
        #expect(world.most(within: Self.quota.period) <= Self.quota.limit)
        #expect(steady >= 38)
        #expect(after >= 67)
    }

    /// Where nothing else holds them back, gateways that go on alone still leave room for the turns that others kept when it came back for a moment.
    @Test(arguments: chosen.filter { ["it comes and goes slowly", "it comes after others may have gone on alone"].contains($0.name) })
    func `a database that comes and goes costs no call too many either`(fault: Fault) {
        let world = Self.world(perAPI: 3_000)
        world.run(for: .seconds(12))
        for step in fault.steps {
            world.row.condition = step.condition
            world.run(for: .milliseconds(step.milliseconds))
        }
        #expect(world.most(within: Self.quota.period) <= Self.quota.limit)
    }

    @Test func `what all gateways sent in the last minute is nothing that one of them has to leave out alone`() {
        let world = Self.world()
        world.run(for: .seconds(70))
        world.row.condition = .refuses
        world.run(for: .seconds(40))
        // The calls of kept turns, silence for as long as they count, and then a call a second of each of three gateways.
        let alone = world.departures.count { $0 >= .seconds(85) }
        #expect(alone >= 70, "\(alone) of 75")
        #expect(world.most(within: Self.quota.period) <= Self.quota.limit)
    }

    /// Each gateway goes on at the whole pace, so that only the waits are promised.
    @Test(arguments: chosen.filter { ["an outage", "nobody hears anything"].contains($0.name) })
    func `nobody waits longer where gateways go on at once`(fault: Fault) {
        let world = Self.world(.whole)
        world.run(for: .seconds(10))
        for step in fault.steps {
            world.row.condition = step.condition
            world.run(for: .milliseconds(step.milliseconds))
        }
        world.row.condition = .answers
        world.run(for: .seconds(30))
        #expect(world.longestWait <= world.rules.longestWait + FlowRules.tolerance + Self.ahead)
        #expect(world.departures.count { $0 >= world.now - .seconds(10) } > 0)
    }
}
