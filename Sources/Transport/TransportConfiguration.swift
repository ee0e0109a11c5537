/// Everything about the upstream side that an operator may set.
package struct TransportConfiguration: Sendable, Equatable {
    /// Timeout of name lookup, TCP, proxy and TLS together.
    package var connectTimeout: Duration = .seconds(3)
    /// Timeout from the last byte of the request that the upstream accepted to the end of the response head.
    package var firstByteTimeout: Duration = .seconds(30)
    /// Timeout between two pieces of a response body, while the receiver is ready for more.
    package var idleTimeout: Duration = .seconds(60)
    /// Timeout of the whole transfer, whether the upstream or the caller is slow.
    package var totalTimeout: Duration = .seconds(600)
    /// A connection that is older serves no new request; each connection's own limit is up to a fifth lower, so that they don't all end at the same
    /// time.
    package var connectionLifetime: Duration = .seconds(120)
    /// How many idle connections one transport keeps open.
    package var connections = 64
    /// How many connections one transport keeps open at most, those in use and those idle: what the process has descriptors for. More requests than
    /// that at a time are not refused, but each beyond it closes its connection.
    package var openConnections = 1 << 20
    /// When HTTP/2 is used.
    package var http2 = HTTP2Mode.automatic
    /// A file of certificates in PEM form that are trusted in addition to the system's.
    package var certificateAuthorityFile: String?
    /// The content of that file when the configuration was made, so that a changed file gives a different configuration, and so that the content that
    /// was checked is the content that is trusted. If nil, the file is read when a transport is made.
    package var certificateAuthorities: [UInt8]?
    /// libcurl's `sha256//…` form, several separated by `;`; checked in addition to the chain.
    package var pinnedPublicKey: String?
    /// A proxy's URL, which may hold a password; without one connections are direct, whatever the environment variables say.
    package var proxy: String?
    /// Hosts that are reached without the proxy, in libcurl's comma-separated form.
    package var noProxy: String?

    /// The addresses to which names may resolve.
    package var addresses = AddressRule.any

    /// The documented defaults.
    package init() {}
}

/// A proxy's URL may hold a password, so descriptions leave it out.
extension TransportConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        "TransportConfiguration(connections: \(connections), http2: \(http2), proxy: \(proxy == nil ? "none" : "<set>"))"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror {
        Mirror(self, children: ["connections": connections, "http2": http2], displayStyle: .struct)
    }
}
