import Synchronization

/// The trust in all access keys that are read from files or variables, by key: one object for the process. No reload and no second name of a key
/// is a way around the protection against its lock.
package final class KeyTrusts: Sendable {
    /// More keys than a configuration and its last changes have.
    private static let most = 1_024

    /// The oldest first.
    private let known = Mutex<[(mark: SharedTrustMark, trust: KeyTrust)]>([])

    package init() {}

    /// Always the same for the same access key with the same secret key.
    func trust(in key: SigningKey, sharing: SharedTrustReference?, uptime: @escaping @Sendable () -> Duration) -> KeyTrust {
        let mark = SharedTrustMark(key, at: "")
        return known.withLock { known in
            if let found = known.first(where: { $0.mark == mark }) { return found.trust }
            if known.count >= Self.most { known.remove(at: known.firstIndex { !$0.trust.isSuspended } ?? 0) }
            let made = KeyTrust(sharing: sharing, uptime: uptime)
            known.append((mark, made))
            return made
        }
    }
}
