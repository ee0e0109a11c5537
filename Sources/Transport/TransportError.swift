/// Why a transfer failed, or why a transport could not be made. No case carries text of libcurl's or of the upstream's.
package enum TransportError: Error, Equatable, Sendable {
    /// The upstream's name could not be resolved.
    case couldNotResolve
    /// No connection came about.
    case couldNotConnect
    /// The proxy could not be found, or refused; with the status it answered, if it did.
    case proxy(status: Int?)
    /// TLS with the upstream, or with a proxy, failed.
    case tls(TLSFault)
    /// The upstream was too slow.
    case timedOut(TimeoutPhase)
    /// The connection ended in the middle: before, or after the head had been received.
    case connectionLost(afterHead: Bool)
    /// What the upstream sent is not HTTP as it must be.
    case protocolViolation(ProtocolFault)
    /// The upstream's head has more bytes than are accepted.
    case headersTooLarge
    /// The upstream's head has more fields than are accepted.
    case responseTooManyHeaders
    /// The request may not be sent as it is.
    case invalidRequest(RequestFault)
    /// Too many transfers at the same time.
    case overloaded
    /// The transport was shut down.
    case shutDown
    /// This machine is short of something: memory, descriptors.
    case resources
    /// The transport cannot be made like this.
    case configuration(ConfigurationFault)
}

/// What failed in TLS.
package enum TLSFault: Sendable, Equatable {
    /// No chain to a trusted authority.
    case untrustedCertificate
    /// A certificate is out of its time.
    case expiredCertificate
    /// The certificate is for another host.
    case wrongHost
    /// The public key is none of the pinned ones.
    case pinnedKeyMismatch
    /// No agreement on version or cipher, or the peer broke off.
    case handshake
}

/// What an upstream was too slow with.
package enum TimeoutPhase: Sendable, Equatable {
    case connect
    case firstByte
    case idle
    case total
}

/// What is wrong with a response.
package enum ProtocolFault: Sendable, Equatable {
    /// Not a status line of HTTP/1.0, 1.1 or 2, or a status outside 100 to 599.
    case statusLine
    /// 101 without having been asked (RFC 9110 section 15.2.2).
    case switchingProtocols
    /// A field line with no colon, a bad name, a control character, or folded.
    case fieldLine
    /// Content-Length is no number, stands twice, or stands beside Transfer-Encoding; or a transfer coding other than chunked.
    case framing
    /// libcurl found the fault: chunk syntax, HTTP/0.9, an HTTP/2 error.
    case syntax
}

/// What is wrong with a request.
package enum RequestFault: Sendable, Equatable {
    /// The method is no token.
    case method
    /// The target does not start with a slash, or holds a byte that may not stand in a request line.
    case target
    /// A field's name is no token.
    case fieldName
    /// A field's value holds a control character.
    case fieldValue
    /// A field that is the transport's to send: Host, framing, connection.
    case reservedField
    /// The fields are more, or larger, than is sent.
    case headTooLarge
    /// A HEAD with a body.
    case unexpectedBody
}

/// Why a transport could not be made.
package enum ConfigurationFault: Sendable, Equatable {
    /// The libcurl at run time is older than the one this was built for, or lacks TLS, HTTP/2 or name lookups that do not block.
    case library
    /// The file of extra authorities cannot be read, or is too large.
    case certificateAuthorityFile
    /// libcurl does not take the proxy's URL, the pinned key or a timeout.
    case value
    /// epoll or eventfd are not to be had.
    case system
}
