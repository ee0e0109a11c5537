import Synchronization

/// The documented flow control: per minute 600 calls of one API, 5 by one user, 5 from one address (protocol page, c.2).
final class Throttle: Sendable {
    /// The exhausted allowance, as named in the text of the 429.
    enum Policy: String, Sendable {
        case api, user, ip
    }

    /// A refusal: the policy, and how many calls it allows in how many seconds.
    struct Refusal: Equatable, Sendable {
        var policy: Policy
        var limit: Int
        var seconds = 60
    }

    /// Counters kept at a time; beyond it nothing more is counted until old ones have expired.
    static let mostCounters = 65_536

    private struct Key: Hashable {
        var policy: Policy
        var operation: String
        var name: String
    }

    private struct State {
        var rule: ThrottleSetting.Rule?
        /// The times of the counted calls.
        var calls: [Key: [Duration]] = [:]
    }

    private let state: Mutex<State>
    private let setting: ThrottleSetting

    /// A throttle with the configured limits.
    init(setting: ThrottleSetting) {
        self.setting = setting
        state = Mutex(State(rule: setting.rule))
    }

    /// Sets other limits and resets the counters.
    func set(_ rule: ThrottleSetting.Rule?) { state.withLock { $0 = State(rule: rule) } }

    /// Counts a call, or returns the exhausted allowance.
    func admit(operation: String, user: String, address: String, now: Duration) -> Refusal? {
        state.withLock { state in
            guard let rule = state.rule else { return nil }
            let limits: [(Policy, String, Int)] = [(.user, user, rule.perUser), (.ip, address, rule.perUser), (.api, "", rule.perAPI)]
            let period = Duration.seconds(rule.seconds)
            let start = rule.isSliding ? now - period : .seconds(now.wholeSeconds / Int64(rule.seconds) * Int64(rule.seconds)) - .nanoseconds(1)
            let keys = limits.map { Key(policy: $0.0, operation: operation, name: $0.1) }
            for key in keys { state.calls[key]?.removeAll { $0 <= start } }
            let refusal = zip(keys, limits).lazy.compactMap { key, limit -> Refusal? in
                guard state.calls[key]?.count ?? 0 >= limit.2 else { return nil }
                return Refusal(policy: limit.0, limit: limit.2, seconds: rule.seconds)
            }.first
            if state.calls.count >= Self.mostCounters { state.calls = state.calls.filter { $0.value.contains { $0 > start } } }
            if refusal == nil || rule.countsRejected, state.calls.count < Self.mostCounters {
                for key in keys { state.calls[key, default: []].append(now) }
            }
            return refusal
        }
    }

    /// Resets everything to the configured limits.
    func removeAll() { state.withLock { $0 = State(rule: setting.rule) } }
}
