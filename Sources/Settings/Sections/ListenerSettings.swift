/// One data listener.
package struct ListenerSettings: Sendable, Hashable {
    /// What a listener binds to.
    package enum Endpoint: Sendable, Hashable {
        case tcp(ListenAddress)
        case unix(path: String, mode: FileMode)
    }

    /// The certificate of a TLS listener; a client authority turns mutual TLS on.
    package struct TLS: Sendable, Hashable {
        package let certificateFile: String
        package let privateKeyFile: String
        package let clientAuthorityFile: String?
    }

    package let name: String
    package let endpoint: Endpoint
    package let tls: TLS?
    /// Whether an unrecognised peer is the caller `anonymous` on this listener. True by default on loopback and Unix sockets.
    package let allowsAnonymous: Bool
    /// Proxies whose `X-Forwarded-For` is trusted.
    package let trustedProxies: [CIDRBlock]
    /// The names under which callers address it; a request with another `Host` is refused. Empty for any name.
    package let hosts: [String]

    /// Whether only processes of this machine can connect.
    package var isLocal: Bool {
        switch endpoint {
        case .tcp(let address): address.host.isLoopback
        case .unix: true
        }
    }
}
