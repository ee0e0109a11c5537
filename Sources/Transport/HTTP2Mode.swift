/// When HTTP/2 is spoken with the upstream.
package enum HTTP2Mode: Sendable, Equatable {
    /// Over TLS, when the upstream chooses it by ALPN; plain connections speak HTTP/1.1.
    case automatic
    /// Never.
    case off
    /// Always, also without TLS, with no negotiation (RFC 9113 section 3.3).
    case priorKnowledge
}
