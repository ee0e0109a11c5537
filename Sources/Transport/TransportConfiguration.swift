/// Everything about the upstream side that an operator may set.
package struct TransportConfiguration: Sendable, Equatable {
    /// Name lookup, TCP, proxy and TLS together.
    package var connectTimeout: Duration = .seconds(3)
    /// From the last byte of the request that the upstream took to the end of the response head.
    package var firstByteTimeout: Duration = .seconds(30)
    /// Between two pieces of a response body, while the receiver is ready for more.
    package var idleTimeout: Duration = .seconds(60)
    /// The whole transfer, whether the upstream or the caller is slow.
    package var totalTimeout: Duration = .seconds(600)
    /// A connection that is older serves no new request; each connection's own limit lies up to a fifth below, so that they don't end together.
    package var connectionLifetime: Duration = .seconds(120)
    /// How many idle connections one transport keeps open.
    package var connections = 64
    /// When HTTP/2 is spoken.
    package var http2 = HTTP2Mode.automatic
    /// A file of certificates in PEM form that are trusted in addition to the system's.
    package var certificateAuthorityFile: String?
    /// What stood in that file when the configuration was made, so that another content makes another configuration, and so that what was judged
    /// is what is trusted. Where it is nil the file is read when a transport is made.
    package var certificateAuthorities: [UInt8]?
    /// libcurl's `sha256//…` form, several separated by `;`; checked in addition to the chain.
    package var pinnedPublicKey: String?
    /// A proxy's URL, which may hold a password; without one connections are direct, whatever the environment says.
    package var proxy: String?
    /// Hosts that are reached without the proxy, in libcurl's comma-separated form.
    package var noProxy: String?

    /// Which addresses names may lead to.
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
