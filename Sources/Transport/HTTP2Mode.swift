/// When HTTP/2 is used with the upstream.
package enum HTTP2Mode: Sendable, Equatable {
    /// Over TLS, when the upstream chooses it by ALPN; plain connections speak HTTP/1.1.
    case automatic
    /// Never.
    case off
    /// Always, also without TLS, with no negotiation (RFC 9113 section 3.3).
    case priorKnowledge
}

extension HTTP2Mode {
    /// Whether requests to an origin of this scheme certainly use HTTP/1.1.
    func isExcluded(over scheme: Origin.Scheme) -> Bool {
        switch self {
        case .automatic: scheme == .http
        case .off: true
        case .priorKnowledge: false
        }
    }
}
