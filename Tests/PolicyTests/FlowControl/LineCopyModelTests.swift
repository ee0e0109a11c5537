import Policy
import Testing

/// Every interleaving of gateways that change one line, with all failures between them and the database.
@Suite struct LineCopyModelTests {
    private static let second = Quota(limit: 1, period: .seconds(1))

    /// At 1.12 s the first kept turn begins.
    @Test func `two gateways never send one call too many and no request twice, and go on, whatever is lost on the way`() {
        let model = LineCopyModel(
            quota: Self.second, requests: [1, 1], moments: [.zero, .milliseconds(1_120)], mostAttempts: 2, mostReads: 0, crashes: 0)
        walk(model, name: "two gateways that try again", least: 2_000, calls: 2)
        let other = LineCopyModel(
            quota: Self.second, requests: [2, 1], moments: [.zero, .milliseconds(1_120)], mostAttempts: 1, mostReads: 1, crashes: 0)
        walk(other, name: "two gateways with kept turns", least: 2_000, calls: 2)
    }

    /// At 0.7 s the next turn can be taken ahead of its moment.
    @Test func `one that crashes takes no more than its turn with it`() {
        let model = LineCopyModel(
            quota: Self.second, requests: [1, 1], moments: [.zero, .milliseconds(700), .milliseconds(1_120)], mostAttempts: 1, mostReads: 0,
            crashes: 1)
        walk(model, name: "a crash", least: 2_000, calls: 1)
    }

    /// At 1.02 s the second turn can be taken, and is open if the first call has been answered.
    @Test func `answers that come in between free turns for others, and no more`() {
        let model = LineCopyModel(
            quota: Self.second, requests: [1, 1], moments: [.zero, .milliseconds(1_020)], mostAttempts: 2, mostReads: 0, answers: 1)
        walk(model, name: "answers", least: 2_000, calls: 2)
    }

    @Test func `a member that expires and joins again has lost nothing and takes nothing`() {
        let model = LineCopyModel(
            quota: Self.second, requests: [1, 1], moments: [.zero, .milliseconds(1_120)], mostAttempts: 2, mostReads: 0, expiries: 1)
        walk(model, name: "an expired member", least: 2_000, calls: 2)
    }

    /// At 1.19 s the earlier one still uses the turn that opened at 1.103 s; at 2.215 s a turn would be open that is kept for the other as if it
    /// did not.
    @Test func `a gateway of an earlier version, which uses kept turns for longer, and one of today make no call too many`() {
        let model = LineCopyModel(
            quota: Self.second, requests: [2, 1], moments: [.zero, .milliseconds(1_190), .milliseconds(2_215), .milliseconds(2_320)], mostAttempts: 1,
            mostReads: 1, earlier: 0)
        walk(model, name: "an earlier version", least: 500, calls: 3)
    }

    @Test func `three gateways, as two`() {
        let model = LineCopyModel(quota: Self.second, requests: [1, 1, 1], moments: [.zero], mostAttempts: 1, mostReads: 0, crashes: 0)
        walk(model, name: "three gateways", least: 500, calls: 1)
    }

    private func walk(_ model: LineCopyModel, name: String, least: Int, calls: Int) {
        var known: Set = [model.key]
        var open = [model]
        var (most, ends, slowest) = (0, 0, Duration.zero)
        while let model = open.popLast() {
            let actions = model.actions
            if actions.isEmpty {
                ends += 1
                let time = model.timeToFinish(atMost: .seconds(6))
                #expect(time != nil, "\(name): a line that stands still")
                slowest = max(slowest, time ?? .zero)
            }
            for action in actions {
                var next = model
                next.perform(action)
                guard next.faults.isEmpty else {
                    Issue.record("\(name): \(next.faults[0]) by \(action): \(next.calls)")
                    return
                }
                most = max(most, next.calls.count)
                if known.insert(next.key).inserted { open.append(next) }
            }
        }
        print("line copies: \(name): \(known.count) states, \(most) calls at most, \(ends) ran to their end, the slowest in \(slowest)")
        #expect(known.count >= least && most == calls)
        // Lost turns count for a call's whole span each, and no longer.
        #expect(slowest <= .seconds(5))
    }
}
