import Transport

extension TransportError {
    /// One fixed word for records and meters.
    var word: String {
        switch self {
        case .couldNotResolve: "resolve"
        case .couldNotConnect: "connect"
        case .addressRefused: "address_refused"
        case .proxy: "proxy"
        case .tls(.untrustedCertificate): "tls_untrusted"
        case .tls(.expiredCertificate): "tls_expired"
        case .tls(.wrongHost): "tls_wrong_host"
        case .tls(.pinnedKeyMismatch): "tls_pinned_key"
        case .tls(.handshake): "tls_handshake"
        case .timedOut(.connect): "timeout_connect"
        case .timedOut(.firstByte): "timeout_first_byte"
        case .timedOut(.idle): "timeout_idle"
        case .timedOut(.total): "timeout_total"
        case .connectionLost(afterHead: false): "connection_lost"
        case .connectionLost(afterHead: true): "truncated"
        case .protocolViolation: "protocol"
        case .headersTooLarge, .responseTooManyHeaders: "headers_too_large"
        case .invalidRequest: "invalid_request"
        case .withheld: "withheld"
        case .overloaded: "overloaded"
        case .shutDown: "shut_down"
        case .resources: "resources"
        case .configuration: "configuration"
        }
    }
}
