package import Policy
import Synchronization

/// One place where callers are accepted. It is bound once; what holds for its connections may change (`ListenerTerms`).
package struct ListenerConfiguration: Sendable, Equatable {
    package enum Binding: Sendable, Equatable {
        case tcp(host: String, port: Int)
        /// - Parameter mode: the socket file's permissions, e.g. `0o660`.
        case unix(path: String, mode: UInt32)
        /// A socket that somebody else has bound and passed on (systemd's socket activation).
        case inherited(descriptor: Int32)
    }

    package let name: String
    package let binding: Binding

    package init(name: String, binding: Binding) {
        self.name = name
        self.binding = binding
    }
}

/// What holds for the connections of a listener under one configuration.
package struct ListenerTerms: Sendable, Equatable {
    /// Whether unrecognised peers are the anonymous caller.
    package let isAnonymous: Bool
    /// Names under which it may be addressed, in lower case; empty when any will do.
    package let servedHosts: Set<String>
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: [Network] = []
    /// What is said when forwarding fields arrive and no proxy is trusted; nil where one is.
    package var forwardingNotice: OnceNotice?
    /// Nil for a listener in clear.
    package var tls: ListenerTLS?

    package init(isAnonymous: Bool, servedHosts: Set<String> = []) {
        self.isAnonymous = isAnonymous
        self.servedHosts = servedHosts
    }
}

/// Something to be said the first time it happens and not again.
package final class OnceNotice: Sendable, Equatable {
    private let isSaid = Atomic<Bool>(false)
    private let words: @Sendable () -> Void

    package init(_ words: @escaping @Sendable () -> Void) {
        self.words = words
    }

    func tell() {
        guard !isSaid.load(ordering: .relaxed), !isSaid.exchange(true, ordering: .relaxed) else { return }
        words()
    }

    package static func == (left: OnceNotice, right: OnceNotice) -> Bool { left === right }
}

/// A listener that is accepting, and where.
package struct BoundListener: Sendable, Equatable {
    package let name: String
    /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/…`.
    package let address: String
    package let port: Int?
}

/// Why a listener could not be opened.
package struct ListenerFault: Error, Sendable, Equatable {
    package let name: String
    package let address: String
    /// The system's error number; 0 when there is none.
    package let code: Int32
}
