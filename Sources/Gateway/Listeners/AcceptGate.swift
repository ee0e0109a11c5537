import NIOCore
import Synchronization

/// How many accepted connections may be open at a time, on all listeners of a port together.
///
/// While the limit is reached, nothing is accepted: new connections wait in the kernel's queue, and open ones are served. Invariant: every
/// accepted connection is subtracted once, when its channel has closed.
package final class AcceptGate: Sendable {
    private struct State {
        var capacity: Int
        var open = 0
        /// Listeners that may not accept for now, each with the callback for when it may.
        var held: [@Sendable () -> Void] = []
        var nextWord = NIODeadline.uptimeNanoseconds(0)

        mutating func takeHeld() -> [@Sendable () -> Void] {
            guard open < capacity, !held.isEmpty else { return [] }
            var taken: [@Sendable () -> Void] = []
            swap(&taken, &held)
            return taken
        }
    }

    private let state: Mutex<State>
    /// Called, at most once in `wordInterval`, when the system refused a descriptor.
    private let exhausted: @Sendable () -> Void
    private static let wordInterval = TimeAmount.seconds(60)

    package init(capacity: Int, exhausted: @escaping @Sendable () -> Void = {}) {
        self.state = Mutex(State(capacity: max(1, capacity)))
        self.exhausted = exhausted
    }

    /// Connections that are open.
    package var open: Int { state.withLock { $0.open } }

    /// Whether nothing more is accepted.
    package var isFull: Bool { state.withLock { $0.open >= $0.capacity } }

    /// Another configuration allows another number.
    func setCapacity(_ capacity: Int) {
        let resumed = state.withLock { state in
            state.capacity = max(1, capacity)
            return state.takeHeld()
        }
        for resume in resumed { resume() }
    }

    /// Whether a listener may accept now. If not, `resume` is called once, on any thread, when it may try again.
    func mayAccept(orWait resume: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if state.open < state.capacity { return true }
            state.held.append(resume)
            return false
        }
    }

    func entered() {
        state.withLock { $0.open += 1 }
    }

    func left() {
        let resumed = state.withLock { state in
            state.open -= 1
            return state.takeHeld()
        }
        for resume in resumed { resume() }
    }

    /// Accepting is suspended for a moment.
    func paused(at now: NIODeadline) {
        let isDue = state.withLock { state in
            guard state.nextWord <= now else { return false }
            state.nextWord = now + Self.wordInterval
            return true
        }
        if isDue { exhausted() }
    }
}
