import Synchronization

/// Caller keys that were revoked for the whole fleet, as of the last heartbeat. The database can only revoke: a key that is refused here may be
/// valid in the key file, but a key that is not in the file is never accepted.
package final class RevokedKeys: Sendable {
    private let isEmpty = Atomic<Bool>(true)
    private let ids = Mutex<Set<String>>([])

    init() {}

    /// While there is none, which is usual, this is one relaxed load.
    package func contains(_ id: String) -> Bool {
        if isEmpty.load(ordering: .relaxed) { return false }
        return ids.withLock { $0.contains(id) }
    }

    func add(_ id: String) {
        ids.withLock { _ = $0.insert(id) }
        isEmpty.store(false, ordering: .relaxed)
    }

    func replace(with known: Set<String>) {
        ids.withLock { $0 = known }
        isEmpty.store(known.isEmpty, ordering: .relaxed)
    }
}
