import Policy
import Synchronization

/// A named credential of the configuration, in one scope: a token of IAM is valid for one project.
///
/// Trust in it is tracked separately for each endpoint, because an endpoint that doesn't answer says nothing about another: `for(endpoint:)` returns
/// the same credential for one endpoint.
package final class Credential: Sendable {
    package let name: String
    private let source: any CredentialSource
    /// The name of the endpoint; empty for the identity services.
    private let endpoint: String
    private let standing: Mutex<Standing>
    private let uptime: @Sendable () -> Duration
    /// Nil for a gateway that is alone.
    private let sharing: SharedTrustReference?
    /// Nil for keys that no other credential can have, because they are obtained for this one.
    private let trusts: KeyTrusts?
    /// Since when it has been in its state; updated by `refresh`.
    private let history: Mutex<CredentialHistory>
    /// The instances of this credential by endpoint. At most one for each region that was ever configured.
    private let endpoints = Mutex<[String: Credential]>([:])
    /// The endpoints of the configuration in force; nil before that was said: all of them.
    private let endpointsInUse = Mutex<Set<String>?>(nil)

    /// The trust in the present key.
    private struct Standing {
        var trust: KeyTrust
        var lockout: LockoutGuard
        /// Nil for material that isn't shared with other credentials.
        var key: SigningKey?
        /// How many events of each endpoint's guard were reported for this credential.
        var seen: [String: Int]

        init(_ trust: KeyTrust, _ key: SigningKey?, at endpoint: String) {
            (self.trust, self.key) = (trust, key)
            lockout = trust.lockout(at: endpoint)
            seen = trust.all.mapValues(\.eventCount)
        }
    }

    /// - Parameters:
    ///   - previous: the one that it replaces, with the same source.
    ///   - trusts: what is known about keys that other credentials may have as well; used for keys that are read and not obtained.
    ///   - sharing: shares a key's trust with other gateways; nil for a gateway that is alone.
    package convenience init(
        name: String, source: any CredentialSource, after previous: Credential? = nil, trusts: KeyTrusts? = nil,
        sharing: SharedTrustReference? = nil, uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime
    ) {
        let trusts = source.type == .aksk ? trusts : nil
        let key = trusts == nil ? nil : source.materialAtHand()?.signingKey
        let shared = key.flatMap { trusts?.trust(in: $0, sharing: sharing, uptime: uptime) }
        let trust = shared ?? previous?.trust ?? KeyTrust(sharing: sharing, uptime: uptime)
        self.init(name: name, source: source, at: "", Standing(trust, key, at: ""), trusts: trusts, sharing: sharing, uptime: uptime)
    }

    private init(
        name: String, source: any CredentialSource, at endpoint: String, _ standing: Standing, trusts: KeyTrusts?, sharing: SharedTrustReference?,
        uptime: @escaping @Sendable () -> Duration
    ) {
        self.name = name
        self.source = source
        self.endpoint = endpoint
        self.trusts = trusts
        self.sharing = sharing
        self.uptime = uptime
        self.standing = Mutex(standing)
        history = Mutex(CredentialHistory(source.status, at: uptime()))
    }

    /// The instance of this credential for an endpoint; always the same object for the same name.
    package func `for`(endpoint: String) -> Credential {
        endpoints.withLock { endpoints in
            if let known = endpoints[endpoint] { return known }
            let (trust, key) = standing.withLock { ($0.trust, $0.key) }
            let made = Credential(
                name: name, source: source, at: endpoint, Standing(trust, key, at: endpoint), trusts: trusts, sharing: sharing, uptime: uptime)
            endpoints[endpoint] = made
            return made
        }
    }

    private var trust: KeyTrust { standing.withLock { $0.trust } }
    private var lockout: LockoutGuard { standing.withLock { $0.lockout } }

    /// Another configuration is in force, which uses it for these endpoints. What is known about others is kept, but says nothing about its present
    /// status: no request would find out any more that such an endpoint accepts the key.
    package func isUsed(for endpoints: Set<String>) { endpointsInUse.withLock { $0 = endpoints } }

    package var type: CredentialType { source.type }

    /// Whether its type always sends a token. In that case the cloud's limit on bodies of signed requests doesn't apply.
    package var sendsToken: Bool { type == .token || type == .iamPassword }

    /// The material that is valid now and available without waiting; nil when there is none.
    package func materialAtHand() -> CredentialMaterial? {
        source.materialAtHand()
    }

    /// Whether it could sign a request now: it has material, and isn't suspended because the cloud refused it.
    package func isServiceable() -> Bool {
        source.materialAtHand() != nil && !lockout.rests
    }

    /// The right to sign one request now, or why not. Never waits; `whenChanged` calls back when a retry makes sense.
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

    /// Registers a callback for when a retry makes sense. It is called once, on any thread. False if too many requests already wait.
    package func whenChanged(_ wait: CredentialWait, _ action: @escaping @Sendable () -> Void) -> Bool {
        switch wait {
        case .material: source.whenChanged(action)
        case .room: lockout.whenRoom(action)
        }
    }

    /// Refreshes the material; see `CredentialSource.refresh`.
    package func refresh(uptime: Duration) -> [CredentialEvent] {
        let events = source.refresh(uptime: uptime)
        let isNew = events.contains { event in
            if case .rotated = event { true } else { false }
        }
        // What is known about the old key says nothing about the new one.
        if let trusts { adoptTrust(from: trusts) } else if isNew { trust.begin() }
        let suspensions = unreportedEvents()
        if suspensions.contains(where: { $0.isSuspension }), let held = materialAtHand() {
            // Temporary keys may have been revoked: new ones are fetched for the probe. Stored keys are kept.
            _ = source.reject(held)
        }
        let (status, now) = (present, self.uptime())
        history.withLock { $0.note(status, isRotated: isNew, at: now) }
        return events + suspensions
    }

    /// If the source has another key by now: from here on what is known about that key applies.
    private func adoptTrust(from trusts: KeyTrusts) {
        guard let key = source.materialAtHand()?.signingKey, standing.withLock({ $0.key }) !== key else { return }
        let trust = trusts.trust(in: key, sharing: sharing, uptime: uptime)
        let left = endpoints.withLock { endpoints in
            ([self] + endpoints.values).map { each in
                each.standing.withLock { standing in
                    let left = standing.lockout
                    if standing.trust === trust { standing.key = key } else { standing = Standing(trust, key, at: each.endpoint) }
                    return left
                }
            }
        }
        for each in left { each.releaseWaiters() }
    }

    private func unreportedEvents() -> [CredentialEvent] {
        standing.withLock { standing in
            standing.trust.all.sorted { $0.key < $1.key }.flatMap { endpoint, lockout in
                let (events, count) = lockout.events(after: standing.seen[endpoint] ?? 0)
                standing.seen[endpoint] = count
                return events
            }
        }
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
        let inUse = endpointsInUse.withLock { $0 }
        let lockout = lockout
        let used = endpoints.withLock { $0 }.filter { inUse?.contains($0.key) ?? true }
        let resting = used.filter { $0.value.lockout.isSuspended }.map(\.key).sorted()
        guard lockout.isSuspended || !resting.isEmpty else { return status }
        status.isSuspended = true
        status.retryAfter = ([lockout] + used.values.map(\.lockout)).compactMap(\.restsFor).min()
        // An endpoint that accepts the key is still served.
        if lockout.isSuspended || resting.count == used.count { status.isReady = false }
        let refuser = resting.count == used.count || resting.isEmpty ? "The cloud" : resting.joined(separator: ", ")
        status.problem = "\(refuser) refused the key twice in a row, so it rests before it is tried again: check the key and its secret."
        return status
    }

    func arrive(_ pass: LockoutGuard.Pass) -> Bool {
        lockout.arrive(pass)
    }

    func end(_ pass: LockoutGuard.Pass, _ outcome: TrustWindow.Outcome) {
        let (trust, lockout) = standing.withLock { ($0.trust, $0.lockout) }
        trust.end(pass, outcome, at: lockout)
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
    /// There are no keys and no token, and no fetch is under way.
    case unavailable(retryAfter: Duration)
    /// The cloud refused the key, which is suspended for a while.
    case suspended(retryAfter: Duration)
}

/// What a request waits for.
package enum CredentialWait: Sendable, Equatable {
    /// Material that is being fetched.
    case material
    /// A place in the window of trust: an unproven key signs only a few requests at a time.
    case room
}

/// What a request that needs material should do.
package enum CredentialDemand: Sendable {
    case material(CredentialMaterial)
    /// Wait: material is being fetched.
    case wait
    case unavailable(retryAfter: Duration)
}
