import NIOCore
import Synchronization

/// The exports with an `Idempotency-Key` that are under way, for all workers: another one with the same key waits for the first.
final class IdempotentCalls: Sendable {
    enum Entrance {
        /// No other export has this key: continue, and call `end` afterwards.
        case first
        case wait(Int)
        /// The key is in use for another request.
        case conflict
        /// Too many exchanges already wait.
        case full
    }

    private struct Call {
        let request: String
        var waiters: [(number: Int, waiter: NIOLoopBound<any Waiter>)] = []
    }

    private struct State {
        var calls: [String: Call] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// - Parameter bound: how many may wait for one export.
    func enter(_ key: String, request: String, bound: Int, waiter: NIOLoopBound<any Waiter>) -> Entrance {
        state.withLock { state in
            guard let call = state.calls[key] else {
                state.calls[key] = Call(request: request)
                return .first
            }
            guard call.request == request else { return .conflict }
            guard call.waiters.count < bound else { return .full }
            state.lastNumber += 1
            state.calls[key]?.waiters.append((state.lastNumber, waiter))
            return .wait(state.lastNumber)
        }
    }

    /// The export's record is written: the waiting exchanges look it up again.
    func end(_ key: String) {
        state.withLock { state in
            for (_, waiter) in state.calls.removeValue(forKey: key)?.waiters ?? [] {
                waiter.eventLoop.execute { waiter.value.wake(.sameKey) }
            }
        }
    }

    /// The caller of a waiting export closed its connection.
    func leave(_ key: String, _ number: Int) {
        state.withLock { $0.calls[key]?.waiters.removeAll { $0.number == number } }
    }
}
