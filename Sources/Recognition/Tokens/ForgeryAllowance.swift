import Synchronization

/// What verifying tokens with a wrong signature has cost in this second, for each source: forging them needs no key and next to no time, and a
/// verification costs several times as much as the rest of a refused request. Beyond a limit no further new token of that source is verified in the
/// same second.
final class ForgeryAllowance: Sendable {
    /// In a second, for one source, in units of `VerificationKeys.cost`: about a twentieth of a core.
    static let mostOfSource = 500
    /// Sources that are told apart; all others are one.
    static let mostSources = 1_000
    private static let others = ""

    private struct State {
        var second: Int64 = 0
        var costs: [String: Int] = [:]

        /// The name that a source is counted under.
        mutating func key(_ source: String, _ now: Int64) -> String {
            if now != second {
                second = now
                costs.removeAll(keepingCapacity: true)
            }
            return costs[source] != nil || costs.count < ForgeryAllowance.mostSources ? source : ForgeryAllowance.others
        }
    }

    private let state = Mutex(State())

    func mayHaveAnother(from source: String, now: Int64) -> Bool {
        state.withLock { state in
            let key = state.key(source, now)
            return state.costs[key, default: 0] < Self.mostOfSource
        }
    }

    func count(_ cost: Int, from source: String, now: Int64) {
        state.withLock { state in
            let key = state.key(source, now)
            // Bounded: nothing is verified beyond the limit but by other threads at the same moment.
            state.costs[key, default: 0] += cost
        }
    }
}
