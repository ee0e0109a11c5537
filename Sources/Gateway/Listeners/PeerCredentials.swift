import Glibc
import NIOCore

/// The user at the other end of a Unix socket, as the kernel noted when the connection was made (unix(7),
/// SO_PEERCRED).
enum PeerCredentials {
    /// `struct ucred`, which the Glibc module doesn't export.
    private struct Credentials {
        var process: Int32 = 0
        var user: UInt32 = .max
        var group: UInt32 = .max
    }

    /// Nil if the kernel doesn't return it.
    static func userID(of channel: any Channel) -> UInt32? {
        guard let sockets = channel as? any SocketOptionProvider else { return nil }
        var found: UInt32?
        let answer: EventLoopFuture<Credentials> = sockets.unsafeGetSocketOption(level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        // On the channel's own loop the answer is there before the call returns.
        answer.assumeIsolated().whenSuccess { found = $0.user }
        // In a user namespace the kernel returns one number for all users that it doesn't map: that identifies no user.
        if found == UserNamespace.overflowUser, UserNamespace.hidesUsers { return nil }
        return found == .max ? nil : found
    }
}
