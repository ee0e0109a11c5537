import Policy
import Synchronization

/// A named credential of the configuration, in one scope: tokens of IAM are good for one project each.
///
/// How far it is trusted is known for each endpoint on its own, since an endpoint that doesn't answer says nothing about another: `towards`
/// gives the same credential as it stands with one of them.
package final class Credential: Sendable {
    package let name: String
    private let source: any CredentialSource
    private let lockout: LockoutGuard
    /// This one and those of the same key for other endpoints.
    private let guards: GuardList
    private let uptime: @Sendable () -> Duration
    /// Nil for a gateway that is alone.
    private let sharing: SharedTrustReference?
    /// Since when it is as it is; noted by `refresh`.
    private let history: Mutex<CredentialHistory>
    /// Itself as it stands with endpoints. As many as regions were ever configured.
    private let endpoints = Mutex<[String: Credential]>([:])

    /// What is known of one key at every endpoint, the identity services among them.
    private final class GuardList: Sendable {
        private let guards = Mutex<[LockoutGuard]>([])

        func add(_ one: LockoutGuard) { guards.withLock { $0.append(one) } }
        var all: [LockoutGuard] { guards.withLock { $0 } }
    }

    /// - Parameter sharing: with whom a key's trust is shared; nil for a gateway that is alone.
    package convenience init(
        name: String, source: any CredentialSource, sharing: SharedTrustReference? = nil,
        uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime
    ) {
        self.init(name: name, source: source, at: "", sharing: sharing, uptime: uptime, guards: GuardList())
    }

    private init(
        name: String, source: any CredentialSource, at place: String, sharing: SharedTrustReference?, uptime: @escaping @Sendable () -> Duration,
        guards: GuardList
    ) {
        self.name = name
        self.source = source
        self.sharing = sharing
        self.uptime = uptime
        self.guards = guards
        lockout = LockoutGuard(at: place, sharing: sharing, uptime: uptime)
        history = Mutex(CredentialHistory(source.status, at: uptime()))
        guards.add(lockout)
    }

    /// The same credential, as it stands with an endpoint; always the same one for the same name.
    package func towards(_ endpoint: String) -> Credential {
        endpoints.withLock { endpoints in
            if let known = endpoints[endpoint] { return known }
            let made = Credential(name: name, source: source, at: endpoint, sharing: sharing, uptime: uptime, guards: guards)
            endpoints[endpoint] = made
            return made
        }
    }

    package var type: CredentialType { source.type }

    /// Whether its type always sends a token. Then the cloud's bound on bodies of signed requests doesn't apply.
    package var sendsToken: Bool { type == .token || type == .iamPassword }

    /// The material that is valid now and needs no waiting; nil when there is none.
    package func materialAtHand() -> CredentialMaterial? {
        source.materialAtHand()
    }

    /// Whether it could sign a request now: it has material, and isn't suspended because the cloud refused it.
    package func isServiceable() -> Bool {
        source.materialAtHand() != nil && !lockout.rests
    }

    /// The right to sign one request now, or why not. Never waits; `whenChanged` calls back when asking again makes sense.
    package func admit() -> CredentialAdmission {
        switch source.demand() {
        case .unavailable(let retryAfter): return .unavailable(retryAfter: retryAfter)
        case .wait: return .wait(.material)
        case .material(let material):
            guard case .signingKey(let key) = material else { return .ready(CredentialPass(self, material, nil)) }
            switch lockout.admit(key) {
            case .pass(let pass): return .ready(CredentialPass(self, material, pass))
            case .wait: return .wait(.room)
            case .suspended(let retryAfter): return .suspended(retryAfter: retryAfter)
            }
        }
    }

    /// Registers a callback for when asking again makes sense. It is called once, on any thread. False when too many wait already.
    package func whenChanged(_ wait: CredentialWait, _ action: @escaping @Sendable () -> Void) -> Bool {
        switch wait {
        case .material: source.whenChanged(action)
        case .room: lockout.whenRoom(action)
        }
    }

    /// Looks after the material; see `CredentialSource.refresh`.
    package func refresh(uptime: Duration) -> [CredentialEvent] {
        let events = source.refresh(uptime: uptime)
        let isNew = events.contains { event in
            if case .rotated = event { true } else { false }
        }
        // What is known about the old key says nothing about the new one.
        if isNew { for each in guards.all { each.begin() } }
        let suspensions = guards.all.flatMap { $0.takeEvents() }
        if suspensions.contains(where: { $0.isSuspension }), let held = materialAtHand() {
            // Temporary keys may have been withdrawn: others are fetched for the probe. Stored ones stay as they are.
            _ = source.reject(held)
        }
        let (status, now) = (present, self.uptime())
        history.withLock { $0.note(status, isRotated: isNew, at: now) }
        return events + suspensions
    }

    /// Why there is no material, if that is known.
    var fault: IAMFault? { source.fault }

    package var status: CredentialStatus {
        var status = present
        let now = uptime()
        history.withLock { $0.complete(&status, at: now) }
        return status
    }

    private var present: CredentialStatus {
        var status = source.status
        let used = endpoints.withLock { $0 }
        let resting = used.filter { $0.value.lockout.isSuspended }.map(\.key).sorted()
        guard lockout.isSuspended || !resting.isEmpty else { return status }
        status.isSuspended = true
        status.retryAfter = ([lockout] + used.values.map(\.lockout)).compactMap(\.restsFor).min()
        // An endpoint that accepts the key is still served.
        if lockout.isSuspended || resting.count == used.count { status.isReady = false }
        let place = resting.count == used.count || resting.isEmpty ? "The cloud" : resting.joined(separator: ", ")
        status.problem = "\(place) refused the key twice in a row, so it rests before it is tried again: check the key and its secret."
        return status
    }

    func arrive(_ pass: LockoutGuard.Pass) -> Bool {
        lockout.arrive(pass)
    }

    func end(_ pass: LockoutGuard.Pass, _ outcome: TrustWindow.Outcome) {
        guard lockout.end(pass, outcome) else { return }
        // The cloud locks a key for all its endpoints: those that never accepted it must not find out one after the other.
        for other in guards.all where other !== lockout { other.suspendUnlessProven() }
    }

    func accepted(_ material: CredentialMaterial) {
        source.accepted(material)
    }

    func reject(_ material: CredentialMaterial) -> Bool {
        source.reject(material)
    }
}

extension CredentialEvent {
    fileprivate var isSuspension: Bool {
        if case .suspended = self { true } else { false }
    }
}

/// Whether a request may be signed.
package enum CredentialAdmission: Sendable {
    case ready(CredentialPass)
    case wait(CredentialWait)
    /// There are no keys and no token, and none are being obtained.
    case unavailable(retryAfter: Duration)
    /// The cloud refused the key, which is suspended for a while.
    case suspended(retryAfter: Duration)
}

/// What a request waits for.
package enum CredentialWait: Sendable, Equatable {
    /// Material is being obtained.
    case material
    /// A key that has not proved itself yet signs for a few requests at a time.
    case room
}

/// What a request that needs material does.
package enum CredentialDemand: Sendable {
    case material(CredentialMaterial)
    /// It is being obtained.
    case wait
    case unavailable(retryAfter: Duration)
}
