/// Why a transfer failed, or why a transport could not be made. No case contains text of libcurl or of the upstream.
package enum TransportError: Error, Equatable, Sendable {
    /// The upstream's name could not be resolved.
    case couldNotResolve
    /// No connection could be made.
    case couldNotConnect
    /// The upstream's name resolved to no address that is allowed (``AddressRule``).
    case addressRefused
    /// The proxy could not be found, or refused; with the status it answered, if it did.
    case proxy(status: Int?)
    /// TLS with the upstream, or with a proxy, failed.
    case tls(TLSFault)
    /// The upstream was too slow.
    case timedOut(TimeoutPhase)
    /// The connection ended too early: before, or after the head had been received.
    case connectionLost(afterHead: Bool)
    /// What the upstream sent is not HTTP as it must be.
    case protocolViolation(ProtocolFault)
    /// The upstream's head has more bytes than are accepted.
    case headersTooLarge
    /// The upstream's head has more fields than are accepted.
    case responseTooManyHeaders
    /// The request may not be sent as it is.
    case invalidRequest(RequestFault)
    /// The delegate withheld the request; nothing of it was sent.
    case withheld
    /// Too many transfers at the same time.
    case overloaded
    /// The transport was shut down.
    case shutDown
    /// This machine lacks a resource: memory, descriptors.
    case resources
    /// The transport cannot be made with this configuration.
    case configuration(ConfigurationFault)
}
