package import Policy
import Synchronization

/// Tasks and files that the database has said to be a caller's own. Ownership never ends, so that this answer needs no second question. Others'
/// are never remembered: an owner may be added.
package final class KnownOwners: Sendable {
    /// The most that are remembered; then all are forgotten and asked again.
    static let most = 20_000

    private struct Key: Hashable {
        let project: String
        let name: ExportName
        let caller: String
    }

    private let own = Mutex<Set<Key>>([])

    init() {}

    package func isOwn(_ name: ExportName, in project: String, of caller: String) -> Bool {
        own.withLock { $0.contains(Key(project: project, name: name, caller: caller)) }
    }

    package func remember(_ name: ExportName, in project: String, of caller: String) {
        own.withLock { own in
            if own.count >= Self.most { own.removeAll() }
            own.insert(Key(project: project, name: name, caller: caller))
        }
    }
}
