import Synchronization

/// Prevents a wrong access key from being used until the cloud locks it; see `TrustWindow` for the rules. One for each key and endpoint, shared by
/// all workers and by all credentials that have the key (`KeyTrust`).
///
/// While the window is wide open, a request costs one relaxed load and takes no lock.
///
/// Gateways of a fleet try a key together (`SharedTrust`): until one of them has proven it, a request that has reached the endpoint, or that tries a
/// suspended key, needs a pass shared by all of them in addition to its place here. A refusal at one gateway ends the proof at all of them.
final class LockoutGuard: Sendable {
    /// The right to sign one request. Releasing it without an outcome returns it to the window.
    struct Pass: Sendable {
        /// Nil while the window is wide open.
        fileprivate let counted: CountedPass?
        fileprivate let key: UInt32
    }

    enum Admission: Sendable {
        case pass(Pass)
        case wait
        case suspended(retryAfter: Duration)
    }

    private struct State {
        var window: TrustWindow
        var waiters: [@Sendable () -> Void] = []
        /// The newest events, and the number of all.
        var events: [CredentialEvent] = []
        var eventCount = 0
        /// Nil for a gateway that is alone, and before the key is used for the first time.
        var shared: SharedTrustStanding?
    }

    /// Requests that may wait for a place at a time; further ones are refused.
    static let mostWaiters = 4_096
    /// Number of events kept until they are read; suspensions are minutes apart.
    private static let mostEvents = 16
    /// The number of the last key that any guard had: a credential may turn to another guard, where its earlier requests must count for nothing.
    private static let lastKey = Atomic<UInt32>(0)

    private let state: Mutex<State>
    /// The current key's number times two, plus 1 while nothing is counted. One value, so that a pass says which key it is for.
    private let openness = Atomic<UInt64>(0)
    private let uptime: @Sendable () -> Duration
    /// Nil for a gateway that is alone.
    private let sharing: SharedTrustReference?
    /// The endpoint's name.
    private let endpoint: String

    init(at endpoint: String = "", sharing: SharedTrustReference? = nil, uptime: @escaping @Sendable () -> Duration) {
        self.endpoint = endpoint
        self.sharing = sharing
        self.uptime = uptime
        state = Mutex(State(window: TrustWindow(key: Self.nextKey())))
    }

    private static func nextKey() -> UInt32 { lastKey.wrappingAdd(1, ordering: .relaxed).newValue }

    deinit {
        guard let trust = sharing?.trust else { return }
        for held in state.withLock({ $0.shared?.passes ?? [] }) { trust.end(held.pass, .silent) { _ in } }
    }

    /// The window's key if nothing is counted at the moment.
    private var openKey: UInt32? {
        let value = openness.load(ordering: .relaxed)
        return value & 1 == 1 ? UInt32(truncatingIfNeeded: value >> 1) : nil
    }

    func admit(_ key: SigningKey) -> Admission {
        if let openKey { return .pass(Pass(counted: nil, key: openKey)) }
        let now = uptime()
        guard let trust = sharing?.trust else { return state.withLock { admit(in: &$0, nil, at: now) } }
        let mark = SharedTrustMark(key, at: endpoint)
        becomes(mark, trust)
        let (admission, mustAsk) = state.withLock { state -> (Admission, Bool) in
            guard mustHavePass(state, at: now) else { return (admit(in: &state, nil, at: now), false) }
            if let held = state.shared?.passes.popLast() {
                let admission = admit(in: &state, held.pass, at: now)
                if case .pass = admission { return (admission, false) }
                state.shared?.passes.append(held)
                return (admission, false)
            }
            defer { state.shared?.isAsking = true }
            return (.wait, state.shared?.isAsking == false)
        }
        if mustAsk { trust.ask(mark) { [weak self] in self?.wasAnswered($0, of: mark, trust) } }
        return admission
    }

    private func admit(in state: inout State, _ shared: SharedTrustPass?, at now: Duration) -> Admission {
        switch state.window.admit(at: now) {
        case .pass(let pass):
            .pass(Pass(counted: pass.kind == .free && shared == nil ? nil : CountedPass(pass, shared, of: self), key: state.window.key))
        case .wait: .wait
        case .suspended(let retryAfter): .suspended(retryAfter: retryAfter)
        }
    }

    /// Whether the next request needs a pass shared by all gateways. Not before the endpoint was reached, because until then the key can't be
    /// refused.
    private func mustHavePass(_ state: State, at now: Duration) -> Bool {
        guard let shared = state.shared, shared.needsPass(at: now) else { return false }
        return switch state.window.phase {
        case .open, .probing: false
        case .guarded: state.window.isReachable && state.window.hasRoom
        case .suspended(let probeAt): now >= probeAt
        }
    }

    /// Calls back once a retry may succeed, on the thread that ends a request. False if too many requests already wait.
    func whenRoom(_ action: @escaping @Sendable () -> Void) -> Bool {
        let (isKept, isOver) = state.withLock { state -> (Bool, Bool) in
            // A place may have become free between `admit` and this call.
            guard !state.window.hasRoom || state.shared?.isAsking == true else { return (true, true) }
            guard state.waiters.count < Self.mostWaiters else { return (false, false) }
            state.waiters.append(action)
            return (true, false)
        }
        if isOver { action() }
        return isKept
    }

    /// The request is about to be sent. False if it may not be sent: then it has to get a new pass.
    func arrive(_ pass: Pass) -> Bool {
        guard let counted = pass.counted else { return true }
        return counted.arrive()
    }

    /// - Returns: what this changed; other endpoints have to know whether it suspended or resumed the key.
    func end(_ pass: Pass, _ outcome: TrustWindow.Outcome) -> TrustWindow.Change {
        if let counted = pass.counted { return counted.end(outcome) }
        // The usual case: a success while nothing is counted.
        guard outcome == .refused else { return .none }
        let change = self.change { window, now in
            guard window.key == pass.key else { return .none }
            return window.endUncounted(outcome, at: now)
        }
        wasRefused(without: pass.key)
        return change
    }

    /// A request that was sent without a shared pass was refused: what other gateways have proven is no longer valid.
    private func wasRefused(without key: UInt32) {
        guard let trust = sharing?.trust else { return }
        let mark = state.withLock { state -> SharedTrustMark? in
            guard state.window.key == key else { return nil }
            state.shared?.isProven = false
            return state.shared?.mark
        }
        if let mark { trust.wasRefused(mark) }
    }

    /// The key was replaced by another one.
    func begin() {
        let unused = state.withLock { state in
            defer { state.shared = nil }
            return state.shared?.passes ?? []
        }
        if let trust = sharing?.trust { for held in unused { trust.end(held.pass, .silent) { _ in } } }
        _ = change { window, _ in
            window.begin(as: Self.nextKey())
            return .room
        }
    }

    /// Calls back what waits here: its credential has another key, whose guard is another one.
    func releaseWaiters() {
        _ = change { _, _ in .room }
    }

    /// Another endpoint suspended the key.
    func suspendUnlessProven() {
        _ = change { $0.suspendUnlessProven(at: $1) }
    }

    /// The endpoint that suspended the key has accepted it.
    func resumeIfForAnother() {
        _ = change { window, _ in window.resumeIfForAnother() }
    }

    /// Changes the window, and calls back the waiters that may be affected.
    fileprivate func change(_ body: (inout TrustWindow, Duration) -> TrustWindow.Change) -> TrustWindow.Change {
        update { body(&$0.window, $1) }
    }

    private func update(_ body: (inout State, Duration) -> TrustWindow.Change) -> TrustWindow.Change {
        let now = uptime()
        let (change, waiters) = state.withLock { state -> (TrustWindow.Change, [@Sendable () -> Void]) in
            let change = body(&state, now)
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

    /// How long until a suspended key is tried again, zero during a try; nil if the key isn't suspended.
    var restsFor: Duration? {
        if openKey != nil { return nil }
        let now = uptime()
        return state.withLock { state in
            switch state.window.phase {
            case .suspended(let probeAt): max(.zero, probeAt - now)
            case .probing: .zero
            case .open, .guarded: nil
            }
        }
    }

    /// Whether the key may not sign now, not even the one request that tries it.
    var rests: Bool {
        if openKey != nil { return false }
        let now = uptime()
        return state.withLock { $0.window.rests(at: now) }
    }

    /// How many events there have been.
    var eventCount: Int { state.withLock { $0.eventCount } }

    /// The events after the first `count`, and the number of all. Each credential that has the key reads them by itself.
    func events(after count: Int) -> (events: [CredentialEvent], count: Int) {
        // Bounded: both count what happened here.
        state.withLock { state in (Array(state.events.suffix(max(0, state.eventCount - count))), state.eventCount) }
    }

    private static func keep(_ event: CredentialEvent, in state: inout State) {
        if state.events.count >= mostEvents { state.events.removeFirst() }
        state.events.append(event)
        state.eventCount += 1
    }
}

// MARK: - With other gateways

extension LockoutGuard {
    /// Sets the key, and discards what is known about the previous one.
    private func becomes(_ mark: SharedTrustMark, _ trust: any SharedTrust) {
        let (isNew, unused) = state.withLock { state -> (Bool, [(pass: SharedTrustPass, since: Duration)]) in
            guard state.shared?.mark != mark else { return (false, []) }
            defer { state.shared = SharedTrustStanding(mark) }
            return (true, state.shared?.passes ?? [])
        }
        guard isNew else { return }
        for held in unused { trust.end(held.pass, .silent) { _ in } }
        trust.watch(mark) { [weak self] isProven in
            guard let self, state.withLock({ $0.shared?.mark == mark }) else { return false }
            wasProven(isProven, mark)
            return true
        }
    }

    private func wasAnswered(_ answer: SharedTrustAdmission, of mark: SharedTrustMark, _ trust: any SharedTrust) {
        var unwanted: SharedTrustPass?
        _ = update { state, now in
            guard state.shared?.mark == mark else {
                if case .pass(let pass) = answer { unwanted = pass }
                return .none
            }
            state.shared?.isAsking = false
            switch answer {
            case .open:
                state.shared?.isProven = true
                return state.window.resume()
            case .pass(let pass): state.shared?.passes.append((pass, now))
            case .rest(let pause): return state.window.rest(for: pause, at: now)
            case .alone: state.shared?.aloneUntil = now + SharedTrustStanding.aloneSpan
            case .busy: break
            }
            return .room
        }
        if let unwanted { return trust.end(unwanted, .silent) { _ in } }
        // The request that wanted it may have left.
        if case .pass = answer { trust.after(SharedTrustStanding.unusedSpan) { [weak self] in self?.giveBackUnused(trust) } }
    }

    private func giveBackUnused(_ trust: any SharedTrust) {
        let now = uptime()
        let unused = state.withLock { state in
            let unused = state.shared?.passes.filter { now - $0.since >= SharedTrustStanding.unusedSpan } ?? []
            state.shared?.passes.removeAll { now - $0.since >= SharedTrustStanding.unusedSpan }
            return unused
        }
        for held in unused { trust.end(held.pass, .silent) { _ in } }
    }

    /// Another gateway's result, or the result of this gateway's own request, has arrived.
    private func wasProven(_ isProven: Bool, _ mark: SharedTrustMark) {
        _ = update { state, _ in
            guard let shared = state.shared, shared.mark == mark, shared.isProven != isProven || isProven && isResting(state) else { return .none }
            state.shared?.isProven = isProven
            return isProven ? state.window.resume() : state.window.distrust()
        }
    }

    private func isResting(_ state: State) -> Bool {
        if case .suspended = state.window.phase { true } else { false }
    }

    /// Whether a request that is about to be sent without a shared pass has to get one first.
    fileprivate func mustAskFirst() -> Bool {
        guard sharing != nil else { return false }
        let now = uptime()
        return state.withLock { state in state.window.phase != .open && state.shared?.needsPass(at: now) ?? false }
    }

    /// Reports a request's outcome to the other gateways.
    fileprivate func tell(_ shared: SharedTrustPass?, _ outcome: TrustWindow.Outcome, key: UInt32) {
        guard let trust = sharing?.trust else { return }
        guard let shared else {
            if outcome == .refused { wasRefused(without: key) }
            return
        }
        let told: SharedTrustOutcome =
            switch outcome {
            case .proven: .proven
            case .refused: .refused
            case .silent, .unreached: .silent
            }
        trust.end(shared, told) { [weak self] isProven in self?.wasProven(isProven, shared.mark) }
    }
}

extension LockoutGuard {
    /// The pass of a counted request. It is returned to the window once: with the request's outcome, or when its last reference is released.
    fileprivate final class CountedPass: Sendable {
        private let owner: LockoutGuard
        /// Nil once it was returned.
        private let pass: Mutex<TrustWindow.Pass?>
        /// The shared pass; nil if none was needed.
        private let shared: SharedTrustPass?

        init(_ pass: TrustWindow.Pass, _ shared: SharedTrustPass?, of owner: LockoutGuard) {
            self.owner = owner
            self.pass = Mutex(pass)
            self.shared = shared
        }

        deinit { _ = end(.silent) }

        func arrive() -> Bool {
            guard var held = pass.withLock({ $0 }) else { return true }
            let mustAsk = shared == nil && owner.mustAskFirst()
            var mayLeave = false
            _ = owner.change { window, _ in
                if mustAsk { window.withhold(held) } else { mayLeave = window.arrive(&held) }
                return .none
            }
            pass.withLock { $0 = mayLeave ? held : nil }
            if !mayLeave { owner.tell(shared, .silent, key: 0) }
            return mayLeave
        }

        func end(_ outcome: TrustWindow.Outcome) -> TrustWindow.Change {
            guard let held = pass.withLock({ $0.take() }) else { return .none }
            let change = owner.change { $0.end(held, outcome, at: $1) }
            owner.tell(shared, outcome, key: held.key)
            return change
        }
    }
}
