package import Policy
import Synchronization

/// The rules for the connections of a listener under one configuration. A class, because each request asks for them several times: a copy of the
/// value retained and released each of its members.
package final class ListenerTerms: Sendable {
    /// A message that is logged the first time and not again.
    package final class OnceNotice: Sendable {
        private let isSaid = Atomic<Bool>(false)
        private let words: @Sendable () -> Void

        package init(_ words: @escaping @Sendable () -> Void) {
            self.words = words
        }

        func tell() {
            guard !isSaid.load(ordering: .relaxed), !isSaid.exchange(true, ordering: .relaxed) else { return }
            words()
        }
    }

    /// Whether unrecognised peers are the anonymous caller.
    package let isAnonymous: Bool
    /// Names under which it may be addressed, in lower case; empty when any will do.
    package let servedHosts: Set<String>
    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    package let trustedProxies: [Network]
    /// Logged when forwarding fields arrive and no proxy is trusted; nil where one is.
    package let forwardingNotice: OnceNotice?
    /// Nil for a listener without TLS.
    package let tls: ListenerTLS?

    package init(
        isAnonymous: Bool, servedHosts: Set<String> = [], trustedProxies: [Network] = [], forwardingNotice: OnceNotice? = nil,
        tls: ListenerTLS? = nil
    ) {
        self.isAnonymous = isAnonymous
        self.servedHosts = servedHosts
        self.trustedProxies = trustedProxies
        self.forwardingNotice = forwardingNotice
        self.tls = tls
    }
}
