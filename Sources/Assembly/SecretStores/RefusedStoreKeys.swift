import Crypto
import Synchronization

/// Keys that a secret store has refused. They outlive the store's client, which is made anew with each configuration that names another store or
/// another timeout: keys that were shown again with each reload would lock their user.
final class RefusedStoreKeys: Sendable {
    /// More than an operator tries before one is right.
    private static let most = 256

    private let digests = Mutex<[SHA256.Digest]>([])

    func contains(_ digest: SHA256.Digest) -> Bool { digests.withLock { $0.contains(digest) } }

    func insert(_ digest: SHA256.Digest) {
        digests.withLock { digests in
            guard !digests.contains(digest) else { return }
            if digests.count >= Self.most { digests.removeFirst() }
            digests.append(digest)
        }
    }
}
