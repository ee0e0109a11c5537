import Synchronization

/// A credential whose material is obtained from a service and expires: every type but `aksk` and `token`.
///
/// `RenewalSchedule` decides when it is obtained. This class runs one task per attempt, keeps the waiters for its end, and checks the secrets' files
/// once a second.
package final class RenewedCredential: CredentialSource {
    package let type: CredentialType
    private let fetcher: any MaterialFetcher
    private let uptime: @Sendable () -> Duration
    private let chance: @Sendable () -> Double
    private let state: Mutex<State>
    /// The token that HSS accepted last, as its object's address; 0 for none. Every answered request reads it, without the lock. If an address is
    /// reused, a new token may wrongly count as accepted; the only effect is that its successor is fetched earlier.
    private let accepted = Atomic<UInt>(0)

    /// Requests that wait for one attempt; further ones are refused.
    static let mostWaiters = 4_096
    /// Number of events kept until they are taken.
    private static let mostEvents = 16

    private struct State {
        var schedule = RenewalSchedule()
        var held: FetchedMaterial?
        var watch: RotationWatch
        var waiters: [@Sendable () -> Void] = []
        var events: [CredentialEvent] = []
        var fault: IAMFault?
        var renewals = CredentialStatus.Renewals()
        /// The next successful attempt uses replaced secrets.
        var isRotating = false
    }

    init(
        type: CredentialType, fetcher: any MaterialFetcher, uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.type = type
        self.fetcher = fetcher
        self.uptime = uptime
        self.chance = chance
        state = Mutex(State(watch: RotationWatch(current: Self.fingerprints(of: fetcher.inputs))))
    }

    package func materialAtHand() -> CredentialMaterial? {
        state.withLock { $0.schedule.isValid(at: uptime()) ? $0.held?.material : nil }
    }

    package func demand() -> CredentialDemand {
        let now = uptime()
        let (demand, begins) = state.withLock { state -> (CredentialDemand, Bool) in
            switch state.schedule.demand(at: now) {
            case .use:
                guard let material = state.held?.material else { return (.unavailable(retryAfter: .seconds(1)), false) }
                // No request waits for an early renewal; the request that finds it due starts it.
                return (.material(material), state.schedule.begins(at: now))
            case .join(let begins): return (.wait, begins)
            case .refuse(let retryAfter): return (.unavailable(retryAfter: retryAfter), false)
            }
        }
        if begins { begin() }
        return demand
    }

    package func whenChanged(_ action: @escaping @Sendable () -> Void) -> Bool {
        let (isKept, isOver) = state.withLock { state -> (Bool, Bool) in
            // The attempt may have ended between `demand` and this call.
            if case .join = state.schedule.demand(at: uptime()) {
                guard state.waiters.count < Self.mostWaiters else { return (false, false) }
                state.waiters.append(action)
                return (true, false)
            }
            return (true, true)
        }
        if isOver { action() }
        return isKept
    }

    package func accepted(_ material: CredentialMaterial) {
        guard let mark = material.mark, accepted.load(ordering: .relaxed) != mark else { return }
        accepted.store(mark, ordering: .relaxed)
    }

    package func reject(_ material: CredentialMaterial) -> Bool {
        let now = uptime()
        let (isWorthRetrying, begins) = state.withLock { state -> (Bool, Bool) in
            guard let held = state.held?.material else { return (false, false) }
            // Another request has already reported this, and new material is available.
            guard held.isSame(as: material) else { return (true, false) }
            state.schedule.rejected(wasAccepted: accepted.load(ordering: .relaxed) == held.mark)
            state.renewals.rejected += 1
            guard case .join(let begins) = state.schedule.demand(at: now) else { return (false, false) }
            return (true, begins)
        }
        if begins { begin() }
        return isWorthRetrying
    }

    package func refresh(uptime clock: Duration) -> [CredentialEvent] {
        noticeChangedInputs(clock)
        let now = uptime()
        let (begins, events) = state.withLock { state in
            defer { state.events = [] }
            return (state.schedule.begins(at: now), state.events)
        }
        if begins { begin() }
        return events
    }

    package var status: CredentialStatus {
        let now = uptime()
        return state.withLock { state in
            var status = CredentialStatus(isReady: state.schedule.isValid(at: now))
            status.expiry = status.isReady ? state.held?.expiry : nil
            status.renewals = state.renewals
            status.retryAfter = state.schedule.retryAfter(at: now)
            status.problem = state.fault?.sentence ?? (status.isReady ? nil : "Nothing has been obtained yet.")
            return status
        }
    }

    /// The fault of the last attempt, for the check of a configuration.
    package var fault: IAMFault? { state.withLock { $0.fault } }

    private func noticeChangedInputs(_ clock: Duration) {
        guard !fetcher.inputs.isEmpty else { return }
        let seen = Self.fingerprints(of: fetcher.inputs)
        state.withLock { state in
            guard state.watch.isReady(toTake: seen, uptime: clock) else { return }
            state.watch.took(seen)
            guard fetcher.renewsOnChange || state.schedule.isBlocked || state.fault != nil else { return }
            state.schedule.inputsChanged(at: uptime())
            state.isRotating = fetcher.renewsOnChange
        }
    }

    /// Runs one attempt, after the schedule has said that it begins.
    private func begin() {
        Task {
            let result: Result<FetchedMaterial, IAMFault>
            do throws(IAMFault) {
                result = .success(try await fetcher.fetch())
            } catch {
                result = .failure(error)
            }
            finish(result)
        }
    }

    private func finish(_ result: Result<FetchedMaterial, IAMFault>) {
        let (now, chance) = (uptime(), chance())
        let waiters = state.withLock { state -> [@Sendable () -> Void] in
            switch result {
            case .success(let fetched):
                state.schedule.succeeded(at: now, lifetime: fetched.lifetime, chance: chance)
                if state.fault != nil { Self.keep(.renewalRecovered, in: &state) }
                if state.isRotating { Self.keep(.rotated(accessKeyTail: fetched.material.accessKeyTail), in: &state) }
                state.held = fetched
                accepted.store(0, ordering: .relaxed)
                (state.fault, state.isRotating) = (nil, false)
                state.renewals.succeeded += 1
            case .failure(let fault):
                let wait = fault.retryAfter.map { Duration.seconds($0) }
                state.schedule.failed(at: now, isRefusal: fault.isRefusedSecret, wait: wait, chance: chance)
                if state.fault?.word != fault.word { Self.keep(.renewalFailed(fault), in: &state) }
                state.fault = fault
                state.renewals.failed += 1
            }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    private static func fingerprints(of paths: [String]) -> [FileFingerprint?] {
        paths.map { FileFingerprint(path: $0) }
    }

    private static func keep(_ event: CredentialEvent, in state: inout State) {
        if state.events.count < mostEvents { state.events.append(event) }
    }
}
