import Synchronization

/// A credential whose secrets are kept in files or in the environment: types `aksk` and `token`.
///
/// Invariants:
/// 1. There is always material: the first reading happens in the initializer, and a failed later one changes nothing.
/// 2. The parts of one credential change together. Files are replaced one after the other, so a new set is taken only after it has been seen
///    unchanged twice; and while only some of several files have changed, the others get `gracePeriod` to follow. An access key with another key's
///    secret would fail, and failures lock the key for all of its users (protocol page, APIG fault table).
/// 3. A request holds the lock only while it copies a reference.
package final class StoredCredential: CredentialSource {
    package let type: CredentialType
    let parts: [SecretPart]
    private let uptime: @Sendable () -> Duration
    private let state: Mutex<State>

    /// How long files that belong together may take to be replaced one after the other.
    package static let gracePeriod = Duration.seconds(10)
    /// Minimum time between two reads of a token's file after HSS refused the token.
    private static let rejectionInterval = Duration.seconds(1)

    private struct State {
        var material: CredentialMaterial
        var watch: RotationWatch
        var lastRejection: Duration?
    }

    init(
        type: CredentialType, parts: [SecretPart], uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime
    ) throws(SecretFault) {
        self.type = type
        self.uptime = uptime
        self.parts = parts
        let watch = RotationWatch(current: Self.fingerprints(of: parts))
        state = Mutex(State(material: try Self.read(parts, type: type), watch: watch))
    }

    package func materialAtHand() -> CredentialMaterial? {
        state.withLock { $0.material }
    }

    package func demand() -> CredentialDemand {
        .material(state.withLock { $0.material })
    }

    /// There is always material, so no request ever waits.
    package func whenChanged(_ action: @escaping @Sendable () -> Void) -> Bool {
        action()
        return true
    }

    /// A token that HSS refused may just have been replaced in its file, before the watch noticed: the file is read at once, at most once a second.
    /// Keys are never read this way, because half a new pair could be used.
    package func reject(_ material: CredentialMaterial) -> Bool {
        guard type == .token, let source = parts.first?.source, case .file = source else { return false }
        let now = uptime()
        let isCurrent = state.withLock { state -> Bool? in
            guard state.material.isSame(as: material) else { return nil }
            guard now - (state.lastRejection ?? .seconds(-2)) >= Self.rejectionInterval else { return false }
            state.lastRejection = now
            return true
        }
        guard let isCurrent else { return true }
        guard isCurrent, let token = try? SecretReader.read(source, as: .headerText) else { return false }
        return state.withLock { state in
            guard case .token(let held) = state.material, !held.isEqual(to: token) else { return false }
            // The watch will still see the change, and record it.
            state.material = .token(token)
            return true
        }
    }

    package var status: CredentialStatus { CredentialStatus(isReady: true) }

    package var fault: IAMFault? { nil }

    package func refresh(uptime: Duration) -> [CredentialEvent] {
        let seen = Self.fingerprints(of: parts)
        guard state.withLock({ $0.watch.isReady(toTake: seen, uptime: uptime) }) else { return [] }
        // Reading happens outside the lock: a slow disk must not stop requests.
        let event: CredentialEvent
        do throws(SecretFault) {
            let material = try Self.read(parts, type: type)
            guard Self.fingerprints(of: parts) == seen else { return [] }  // replaced while it was read: try again next time
            state.withLock {
                $0.material = material
                $0.watch.took(seen)
            }
            event = .rotated(accessKeyTail: material.accessKeyTail)
        } catch {
            guard state.withLock({ $0.watch.failed(seen) }) else { return [] }
            event = .rotationFailed(error)
        }
        return [event]
    }

    /// Whether this credential stays in use although the other one was just read from the same places: the files are the same, or only some of
    /// them were replaced so far. Then the other may be half a new pair, and the watch waits for the rest of it.
    package func staysInUse(beside other: StoredCredential) -> Bool {
        guard parts.map(\.source.origin) == other.parts.map(\.source.origin) else { return false }
        let seen = other.state.withLock { $0.watch.current }
        let held = state.withLock { $0.watch.current }
        return held == seen || zip(held, seen).contains { $0 != nil && $0 == $1 }
    }

    private static func fingerprints(of parts: [SecretPart]) -> [FileFingerprint?] {
        parts.map { part in
            guard case .file(let path) = part.source else { return nil }
            return FileFingerprint(path: path)
        }
    }

    private static func read(_ parts: [SecretPart], type: CredentialType) throws(SecretFault) -> CredentialMaterial {
        var secrets: [Secret] = []
        for part in parts {
            secrets.append(try SecretReader.read(part.source, as: part.format))
        }
        switch type {
        case .token: return .token(secrets[0])
        case .aksk:
            let accessKeyID = secrets[0].withBytes { String(decoding: $0, as: UTF8.self) }
            let token = secrets.count > 2 ? secrets[2] : nil
            return .signingKey(SigningKey(AccessKeyPair(accessKeyID: accessKeyID, secretKey: secrets[1], securityToken: token)))
        case .iamPassword, .agency, .ecsMetadata, .podIdentity, .oidc, .defaultChain:
            preconditionFailure("these are obtained from a service, not read")
        }
    }
}
