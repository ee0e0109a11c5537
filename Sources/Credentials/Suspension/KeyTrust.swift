import Synchronization

/// What is known about one access key: its lockout guards for all endpoints, including the identity services.
///
/// The cloud locks a key for all of its endpoints, whatever names it has here. So credentials with the same key have one of these, and so has the
/// credential that a reload makes anew from other settings (`KeyTrusts`).
final class KeyTrust: Sendable {
    private let sharing: SharedTrustReference?
    private let uptime: @Sendable () -> Duration
    /// At most one for each region that was ever configured.
    private let guards = Mutex<[String: LockoutGuard]>([:])
    /// Whether an endpoint has suspended it, and none has accepted it after that.
    private let suspended = Atomic(false)

    init(sharing: SharedTrustReference?, uptime: @escaping @Sendable () -> Duration) {
        self.sharing = sharing
        self.uptime = uptime
    }

    /// The guard for an endpoint; always the same for the same name. An endpoint that comes into use while the key is suspended doesn't try it
    /// before that is over.
    func lockout(at endpoint: String) -> LockoutGuard {
        guards.withLock { guards in
            if let known = guards[endpoint] { return known }
            let made = LockoutGuard(at: endpoint, sharing: sharing, uptime: uptime)
            if isSuspended { made.suspendUnlessProven() }
            guards[endpoint] = made
            return made
        }
    }

    var all: [String: LockoutGuard] { guards.withLock { $0 } }

    var isSuspended: Bool { suspended.load(ordering: .relaxed) }

    /// The key was replaced by another one.
    func begin() {
        suspended.store(false, ordering: .relaxed)
        for each in all.values { each.begin() }
    }

    func end(_ pass: LockoutGuard.Pass, _ outcome: TrustWindow.Outcome, at lockout: LockoutGuard) {
        switch lockout.end(pass, outcome) {
        // Endpoints that never accepted the key must not each try it.
        case .suspended:
            suspended.store(true, ordering: .relaxed)
            for other in all.values where other !== lockout { other.suspendUnlessProven() }
        case .resumed:
            suspended.store(false, ordering: .relaxed)
            for other in all.values where other !== lockout { other.resumeIfForAnother() }
        case .none, .room: break
        }
    }
}
