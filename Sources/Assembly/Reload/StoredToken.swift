import Administration
import Credentials
import Gateway
import Settings
import Synchronization

/// The admin port's token, read again at each use, so that a replaced file counts at once. While the file can't be read the token
/// that was read last stays: an operator must not be locked out by a half finished rotation.
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

extension StoredToken {
    static func adminToken(_ reference: SecretReference) throws(Failure) -> AdminToken {
        do throws(SecretFault) {
            let token = try StoredToken(reference)
            return AdminToken { token.matches($0) }
        } catch {
            throw Failure(.badConfiguration, "admin.token_file can't be used. \(error.sentence)")
        }
    }
}
