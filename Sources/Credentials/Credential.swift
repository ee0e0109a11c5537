/// A named credential of the configuration, in one scope: tokens of IAM are good for one project each.
package final class Credential: Sendable {
    package let name: String
    private let source: any CredentialSource
    private let lockout = LockoutGuard()
    private let uptime: @Sendable () -> Duration

    package init(name: String, source: any CredentialSource, uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime) {
        self.name = name
        self.source = source
        self.uptime = uptime
    }

    package var type: CredentialType { source.type }

    /// Whether it vouches by sending a token, in which case nothing bounds the size of a body: types that always do.
    package var sendsToken: Bool { type == .token || type == .iamPassword }

    /// The material that is valid at that time and needs no waiting; nil when there is none.
    package func materialAtHand(at time: SigningTime) -> CredentialMaterial? {
        source.materialAtHand(at: time)
    }

    /// Whether it could vouch for a request now: it has something to do it with, and the cloud's refusals don't have it rest.
    package func isServiceable(at time: SigningTime) -> Bool {
        source.materialAtHand(at: time) != nil && !lockout.rests(at: uptime())
    }

    /// Whether a request may be vouched for now. Never waits; `whenChanged` says when asking again makes sense.
    package func admit(at time: SigningTime) -> CredentialAdmission {
        switch source.demand(at: time) {
        case .unavailable(let retryAfter): return .unavailable(retryAfter: retryAfter)
        case .wait: return .wait(.material)
        case .material(let material):
            guard case .signingKey = material else { return .ready(CredentialPass(self, material, nil)) }
            switch lockout.admit(at: uptime()) {
            case .pass(let pass): return .ready(CredentialPass(self, material, pass))
            case .wait: return .wait(.room)
            case .suspended(let retryAfter): return .suspended(retryAfter: retryAfter)
            }
        }
    }

    /// Calls back once, from any thread, when asking again makes sense. False when too many wait already.
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
        if isNew { lockout.begin() }
        let suspensions = lockout.takeEvents()
        if suspensions.contains(where: { $0.isSuspension }), let held = materialAtHand(at: SigningTime(secondsSinceEpoch: 0)) {
            // Temporary keys may have been withdrawn: others are fetched for the probe. Stored ones stay as they are.
            _ = source.reject(held)
        }
        return events + suspensions
    }

    /// Why there is nothing at hand, where that is known.
    var fault: IdentityFault? { source.fault }

    package var status: CredentialStatus {
        var status = source.status
        guard lockout.isSuspended else { return status }
        status.isSuspended = true
        status.isReady = false
        status.problem = "The cloud refused the key twice in a row, so it rests before it is tried again: check the key and its secret."
        return status
    }

    /// Vouches for a request without waiting. Inside this module only: everybody else pays with a permit (`vouch`).
    func headers(for request: borrowing CredentialRequest, at time: SigningTime) throws(CredentialError) -> CredentialHeaders {
        guard let material = source.materialAtHand(at: time) else { throw .notAtHand }
        return try material.headers(for: request, at: time)
    }

    func end(_ pass: LockoutGuard.Pass, _ outcome: TrustWindow.Outcome) {
        lockout.end(pass, outcome, at: uptime())
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
