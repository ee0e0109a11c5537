import Policy
import Testing

@testable import Gateway

/// Gateways that share a line, whatever becomes of its database: in the time of an event loop that the test moves, so that no machine is too slow.
@Suite struct SharedQueueTests {
    private static let quota = Quota(limit: 5, period: .seconds(1))

    /// A turn is taken so long before it comes.
    private static let ahead = Duration.milliseconds(510)

    private static func world(_ paced: SharedState.Terms.Paced = .part) -> SharedQueueWorld {
        let rules = FlowRules(
            pace: .fixed(perOperation: quota, perAPI: Quota(limit: 600, period: .seconds(60))), longestWait: .seconds(10), queue: 1_000)
        return SharedQueueWorld(rules: rules, gateways: 3, callers: 36, paced: paced)
    }

    /// What the database does, and for how long, milliseconds.
    struct Fault: CustomTestStringConvertible {
        let name: String
        let steps: [(condition: SharedRow.Condition, milliseconds: Int)]
        var testDescription: String { name }
    }

    private static let flapping = Array(repeating: [(SharedRow.Condition.refuses, 4_000), (.answers, 500)], count: 6).flatMap { $0 }

    static let faults = [
        Fault(name: "a short restart", steps: [(.refuses, 300)]),
        Fault(name: "a restart", steps: [(.refuses, 3_000)]),
        Fault(name: "a long restart", steps: [(.refuses, 8_000)]),
        Fault(name: "an outage", steps: [(.refuses, 40_000)]),
        Fault(name: "it stands still for a moment", steps: [(.isSilent, 3_000)]),
        Fault(name: "it stands still", steps: [(.isSilent, 40_000)]),
        Fault(name: "it comes and goes", steps: flapping),
        Fault(name: "answers are lost", steps: [(.losesAnswers, 3_000)]),
        Fault(name: "answers are lost for long", steps: [(.losesAnswers, 40_000)]),
        Fault(name: "nobody hears anything", steps: [(.hangs, 40_000)]),
    ]

    @Test(arguments: faults) func `every request has its turn or a refusal in time, and HSS never gets one call too many`(fault: Fault) {
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
        // Each time that it comes and goes a whole outage may have been used by all: the API's quota, which is one of a minute, is assumed to be.
        if fault.steps.count == 1 { #expect(after >= 67) }
    }

    /// Each gateway goes on at the whole pace, so that only the waits are promised.
    @Test(arguments: faults.filter { ["an outage", "nobody hears anything"].contains($0.name) })
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
