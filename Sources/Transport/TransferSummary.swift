/// What is known about a transfer when it has ended, with or without success.
package struct TransferSummary: Sendable, Equatable {
    /// Name lookup, TCP, proxy and TLS; `nil` if a kept connection was used or no connection could be made.
    package var connectMicroseconds: Int?
    /// From ``HTTPTransport/send(_:to:)`` to the end of the response head.
    package var firstByteMicroseconds: Int?
    /// From ``HTTPTransport/send(_:to:)`` to the end.
    package var totalMicroseconds = 0
    /// Bytes of the body that were handed to the delegate.
    package var bytesReceived = 0
    /// Whether the connection had been kept from an earlier request.
    package var reusedConnection = false
    /// Whether any byte of the request may have been sent to the upstream. If not, the request can be sent again without risk.
    package var requestMayHaveLeft = false
    /// How often libcurl began to send the request; more than one when a kept connection turned out to be dead.
    package var attempts = 0
}
