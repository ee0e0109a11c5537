package import Policy
import Synchronization

/// Tasks and files that belong to a caller according to the database. Ownership never ends, so such an answer can be cached. That something
/// belongs to others is never cached: an owner may be added.
package final class KnownOwners: Sendable {
    /// The most that are cached; then the cache is emptied.
    static let most = 20_000

    private struct Key: Hashable {
        let project: String
        let name: ExportName
        let caller: String
    }

    private let own = Mutex<Set<Key>>([])

    init() {}

    /// Whether the database has said that it belongs to the caller.
    package func isOwn(_ name: ExportName, in project: String, of caller: String) -> Bool {
        own.withLock { $0.contains(Key(project: project, name: name, caller: caller)) }
    }

    /// The database has said that it belongs to the caller.
    package func remember(_ name: ExportName, in project: String, of caller: String) {
        own.withLock { own in
            if own.count >= Self.most { own.removeAll() }
            own.insert(Key(project: project, name: name, caller: caller))
        }
    }
}
