import Synchronization

/// How many tokens with a wrong signature each source has sent in this second, of those whose verification costs much more than the rest of a
/// request: forging them needs no key and next to no time. Beyond a limit no further new token of that source is verified in the same second.
final class CostlyForgeries: Sendable {
    /// In a second, for one source: about a twentieth of a core.
    static let mostOfSource = 20
    /// Sources that are told apart; all others are one.
    static let mostSources = 1_000
    private static let others = ""

    private struct State {
        var second: Int64 = 0
        var counts: [String: Int] = [:]

        /// The name that a source is counted under.
        mutating func key(_ source: String, _ now: Int64) -> String {
            if now != second {
                second = now
                counts.removeAll(keepingCapacity: true)
            }
            return counts[source] != nil || counts.count < CostlyForgeries.mostSources ? source : CostlyForgeries.others
        }
    }

    private let state = Mutex(State())

    func mayHaveAnother(from source: String, now: Int64) -> Bool {
        state.withLock { state in
            let key = state.key(source, now)
            return state.counts[key, default: 0] < Self.mostOfSource
        }
    }

    func count(from source: String, now: Int64) {
        state.withLock { state in
            let key = state.key(source, now)
            // Bounded: nothing is verified beyond the limit but by other threads at the same moment.
            state.counts[key, default: 0] += 1
        }
    }
}
