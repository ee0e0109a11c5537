import Synchronization

/// Keeps a wrong access key from being tried until the cloud locks it; see `TrustWindow` for the rules. One for each key and endpoint, shared
/// by all workers.
///
/// While the window is wide open, a request pays one relaxed load for it and takes no lock.
final class LockoutGuard: Sendable {
    /// The right to sign one request. Whoever lets go of it without a word gives its place back.
    struct Pass: Sendable {
        /// Nil while the window is wide open.
        fileprivate let place: Place?
        fileprivate let key: UInt32
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
    /// The present key's number, doubled, and 1 while nothing is counted: together, so that a pass says which key it is for.
    private let openness = Atomic<UInt64>(0)
    private let uptime: @Sendable () -> Duration

    init(uptime: @escaping @Sendable () -> Duration) {
        self.uptime = uptime
    }

    /// The window's key where nothing is counted at the moment.
    private var openKey: UInt32? {
        let value = openness.load(ordering: .relaxed)
        return value & 1 == 1 ? UInt32(truncatingIfNeeded: value >> 1) : nil
    }

    func admit() -> Admission {
        if let openKey { return .pass(Pass(place: nil, key: openKey)) }
        let now = uptime()
        return state.withLock { state in
            switch state.window.admit(at: now) {
            case .pass(let pass): .pass(Pass(place: pass.kind == .free ? nil : Place(pass, of: self), key: state.window.key))
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

    /// The request is about to be sent. False when it may not be: then it asks anew.
    func arrive(_ pass: Pass) -> Bool {
        guard let place = pass.place else { return true }
        return place.arrive()
    }

    /// - Returns: whether this suspended the key.
    func end(_ pass: Pass, _ outcome: TrustWindow.Outcome) -> Bool {
        if let place = pass.place { return place.end(outcome) }
        // The usual case: a success while nothing is counted.
        guard outcome == .refused else { return false }
        return change { window, now in
            guard window.key == pass.key else { return .none }
            return window.endUncounted(outcome, at: now)
        } == .suspended
    }

    /// Another key has taken this one's place.
    func begin() {
        _ = change { window, _ in
            window.begin()
            return .room
        }
    }

    /// Another endpoint suspended the key.
    func suspendUnlessProven() {
        _ = change { $0.suspendUnlessProven(at: $1) }
    }

    /// Changes the window, and calls back whoever that may concern.
    fileprivate func change(_ body: (inout TrustWindow, Duration) -> TrustWindow.Change) -> TrustWindow.Change {
        let now = uptime()
        let (change, waiters) = state.withLock { state -> (TrustWindow.Change, [@Sendable () -> Void]) in
            let change = body(&state.window, now)
            openness.store(UInt64(state.window.key) << 1 | (state.window.phase == .open ? 1 : 0), ordering: .relaxed)
            if change == .suspended { Self.keep(.suspended(failures: state.window.failures), in: &state) }
            if change == .resumed { Self.keep(.resumed, in: &state) }
            guard change != .none else { return (change, []) }
            defer { state.waiters = [] }
            return (change, state.waiters)
        }
        for waiter in waiters { waiter() }
        return change
    }

    var isSuspended: Bool {
        if openKey != nil { return false }
        return state.withLock { state in
            switch state.window.phase {
            case .suspended, .probing: true
            case .open, .guarded: false
            }
        }
    }

    /// Whether the key may sign nothing now, not even the one request that tries it.
    var rests: Bool {
        if openKey != nil { return false }
        let now = uptime()
        return state.withLock { $0.window.rests(at: now) }
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

extension LockoutGuard {
    /// A counted request's place in the window. It is given back once: with what became of the request, or when nobody holds it any more.
    fileprivate final class Place: Sendable {
        private let owner: LockoutGuard
        /// Nil once it was given back.
        private let pass: Mutex<TrustWindow.Pass?>

        init(_ pass: TrustWindow.Pass, of owner: LockoutGuard) {
            self.owner = owner
            self.pass = Mutex(pass)
        }

        deinit { _ = end(.silent) }

        func arrive() -> Bool {
            guard var held = pass.withLock({ $0 }) else { return true }
            var mayLeave = false
            _ = owner.change { window, _ in
                mayLeave = window.arrive(&held)
                return .none
            }
            pass.withLock { $0 = mayLeave ? held : nil }
            return mayLeave
        }

        func end(_ outcome: TrustWindow.Outcome) -> Bool {
            guard let held = pass.withLock({ $0.take() }) else { return false }
            return owner.change { $0.end(held, outcome, at: $1) } == .suspended
        }
    }
}
