import Synchronization

/// The documented flow control: per minute 600 calls of one API, 5 by one user, 5 from one address (protocol page, c.2).
final class Throttle: Sendable {
    /// Whose allowance was used up, in the words of the 429's text.
    enum Policy: String, Sendable {
        case api, user, ip
    }

    /// A refusal: the policy and the number it allows in a minute.
    struct Refusal: Equatable, Sendable {
        var policy: Policy
        var limit: Int
    }

    /// Counters kept within one minute; beyond it nothing more is counted until the next.
    static let mostCounters = 65_536

    private struct Key: Hashable {
        var policy: Policy
        var operation: String
        var name: String
    }

    private struct State {
        var minute: Int64 = .min
        var counts: [Key: Int] = [:]
    }

    private let state = Mutex(State())
    private let setting: ThrottleSetting

    /// A throttle with the configured limits.
    init(setting: ThrottleSetting) { self.setting = setting }

    /// Counts a call, or says which allowance is used up. Windows are whole minutes of the sandbox's clock.
    func admit(operation: String, user: String, address: String, now: Duration) -> Refusal? {
        guard case .scaled(let scale, let countsRejected) = setting else { return nil }
        let limits: [(Policy, String, Int)] = [
            (.user, user, 5), (.ip, address, 5), (.api, "", 600),
        ]
        return state.withLock { state in
            let minute = now.wholeSeconds / 60
            if state.minute != minute { state = State(minute: minute) }
            let keys = limits.map { Key(policy: $0.0, operation: operation, name: $0.1) }
            let refusal = zip(keys, limits).lazy.compactMap { key, limit -> Refusal? in
                let allowed = max(1, Int((Double(limit.2) * scale).rounded()))
                return state.counts[key, default: 0] >= allowed ? Refusal(policy: limit.0, limit: allowed) : nil
            }.first
            if refusal == nil || countsRejected, state.counts.count < Self.mostCounters {
                for key in keys { state.counts[key, default: 0] += 1 }
            }
            return refusal
        }
    }

    /// Starts afresh.
    func removeAll() { state.withLock { $0 = State() } }
}
