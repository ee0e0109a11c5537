import Credentials
import Synchronization

/// The users whose passwords are sent to IAM: one object for the process.
final class PasswordUsers: Sendable {
    /// A user of IAM, independent of where the password is kept.
    struct Name: Hashable {
        let domain: String
        let username: String
        let cloud: String
    }

    /// More users than a configuration and its last changes have.
    private static let most = 1_024

    private let known = Mutex<[Name: PasswordUser]>([:])

    func user(_ name: Name) -> PasswordUser {
        known.withLock { known in
            if let found = known[name] { return found }
            let made = PasswordUser()
            if known.count < Self.most { known[name] = made }
            return made
        }
    }
}
