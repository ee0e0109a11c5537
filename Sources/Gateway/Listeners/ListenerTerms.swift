package import Policy
import Synchronization

/// The rules for the connections of a listener under one configuration.
package struct ListenerTerms: Sendable, Equatable {
    /// A message that is logged the first time and not again.
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
    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    package var trustedProxies: [Network] = []
    /// Logged when forwarding fields arrive and no proxy is trusted; nil where one is.
    package var forwardingNotice: OnceNotice?
    /// Nil for a listener without TLS.
    package var tls: ListenerTLS?

    package init(isAnonymous: Bool, servedHosts: Set<String> = []) {
        self.isAnonymous = isAnonymous
        self.servedHosts = servedHosts
    }
}
