import Synchronization

/// Callbacks for notifications: a key's export that ended (`k` and the digest), a line that changed (`l` and its name).
///
/// A notification is a hint and may be lost; a waiter also polls now and then.
package final class Wakes: Sendable {
    /// The most waiters at a time; further ones are not woken and have to poll.
    static let most = 10_000

    private struct State {
        var waiters: [String: [(number: UInt64, wake: @Sendable () -> Void)]] = [:]
        var count = 0
        var last: UInt64 = 0
        var listeners: [@Sendable (String) -> Void] = []
    }

    private let state = Mutex(State())

    init() {}

    /// Calls `wake` once for that notification, on the member's thread.
    /// - Returns: the argument for `cancel`; 0 when there are too many waiters.
    package func when(_ payload: String, _ wake: @escaping @Sendable () -> Void) -> UInt64 {
        state.withLock { state in
            guard state.count < Self.most else { return 0 }
            state.last += 1
            state.count += 1
            state.waiters[payload, default: []].append((state.last, wake))
            return state.last
        }
    }

    /// Ends a wait; without effect if it has ended.
    package func cancel(_ payload: String, _ number: UInt64) {
        state.withLock { state in
            guard let index = state.waiters[payload]?.firstIndex(where: { $0.number == number }) else { return }
            state.waiters[payload]?.remove(at: index)
            state.count -= 1
            if state.waiters[payload]?.isEmpty == true { state.waiters[payload] = nil }
        }
    }

    /// Calls the listener for every notification, until the process ends.
    package func listen(_ listener: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.listeners.append(listener) }
    }

    func notify(_ payload: String) {
        let (waiters, listeners) = state.withLock { state in
            let waiters = state.waiters.removeValue(forKey: payload) ?? []
            state.count -= waiters.count
            return (waiters, state.listeners)
        }
        for waiter in waiters { waiter.wake() }
        for listener in listeners { listener(payload) }
    }
}
