package import Policy
import Synchronization

/// What holds for the connections of a listener under one configuration.
package struct ListenerTerms: Sendable, Equatable {
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
