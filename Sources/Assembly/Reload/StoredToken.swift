import Credentials
import Settings
import Synchronization

/// A token of the admin port, read again at each use, so that a replaced file is in force at once. While the file can't be read, the
/// last token stays valid: an operator must not be locked out by a half-finished rotation.
final class StoredToken: Sendable {
    private let reference: SecretReference
    private let newest: Mutex<Secret>

    init(_ reference: SecretReference) throws(SecretFault) {
        self.reference = reference
        newest = Mutex(try CredentialAssembly.secret(reference))
    }

    func matches(_ text: String) -> Bool {
        if let secret = try? CredentialAssembly.secret(reference) { newest.withLock { $0 = secret } }
        return newest.withLock { $0 }.isEqual(to: Secret(text))
    }
}
