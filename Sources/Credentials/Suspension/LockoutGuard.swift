import Synchronization

/// Keeps a wrong access key from being tried until the cloud locks it; see `TrustWindow` for the rules. Shared by all workers.
///
/// While the window is wide open, a request pays one relaxed load for it and takes no lock.
final class LockoutGuard: Sendable {
    /// The right to sign one request.
    struct Pass: Sendable {
        fileprivate let window: TrustWindow.Pass?
    }

    enum Admission: Sendable {
        case pass(Pass)
        case wait
        case suspended(retryAfter: Duration)
    }

    private struct State {
        var window = TrustWindow()
        var waiters: [@Sendable () -> Void] = []
        var events: [CredentialEvent] = []
    }

    /// Requests that wait for room at a time; one more is refused.
    static let mostWaiters = 4_096
    /// Events kept until somebody takes them; suspensions come minutes apart.
    private static let mostEvents = 16

    private let state = Mutex(State())
    private let isOpen = Atomic<Bool>(false)

    func admit(at uptime: @autoclosure () -> Duration) -> Admission {
        if isOpen.load(ordering: .relaxed) { return .pass(Pass(window: nil)) }
        let uptime = uptime()
        return state.withLock { state in
            switch state.window.admit(at: uptime) {
            case .pass(let pass): .pass(Pass(window: pass))
            case .wait: .wait
            case .suspended(let retryAfter): .suspended(retryAfter: retryAfter)
            }
        }
    }

    /// Calls back once asking again may help: from whichever thread ends a request. False when too many wait already.
    func whenRoom(_ action: @escaping @Sendable () -> Void) -> Bool {
        let (isKept, isOver) = state.withLock { state -> (Bool, Bool) in
            // Room may have come between the question and this.
            guard !state.window.hasRoom else { return (true, true) }
            guard state.waiters.count < Self.mostWaiters else { return (false, false) }
            state.waiters.append(action)
            return (true, false)
        }
        if isOver { action() }
        return isKept
    }

    func end(_ pass: Pass, _ outcome: TrustWindow.Outcome, at uptime: @autoclosure () -> Duration) {
        // The usual case: a success while nothing is counted.
        if pass.window == nil, outcome != .refused { return }
        let uptime = uptime()
        let waiters = state.withLock { state -> [@Sendable () -> Void] in
            let uncounted = TrustWindow.Pass(epoch: 0, isCounted: false, isProbe: false)
            let change = state.window.end(pass.window ?? uncounted, outcome, at: uptime)
            isOpen.store(state.window.phase == .open, ordering: .relaxed)
            if change == .suspended { Self.keep(.suspended(failures: state.window.failures), in: &state) }
            if change == .resumed { Self.keep(.resumed, in: &state) }
            guard change != .none else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    /// Another key has taken this one's place.
    func begin() {
        let waiters = state.withLock { state in
            state.window.begin()
            isOpen.store(false, ordering: .relaxed)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    var isSuspended: Bool {
        if isOpen.load(ordering: .relaxed) { return false }
        return state.withLock { state in
            switch state.window.phase {
            case .suspended, .probing: true
            case .open, .guarded: false
            }
        }
    }

    /// Whether the key may sign nothing now, not even the one request that tries it.
    func rests(at uptime: @autoclosure () -> Duration) -> Bool {
        if isOpen.load(ordering: .relaxed) { return false }
        let uptime = uptime()
        return state.withLock { $0.window.rests(at: uptime) }
    }

    /// What happened since it was last asked.
    func takeEvents() -> [CredentialEvent] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    private static func keep(_ event: CredentialEvent, in state: inout State) {
        if state.events.count < mostEvents { state.events.append(event) }
    }
}
