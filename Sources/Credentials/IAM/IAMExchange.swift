/// Sends requests to identity services. `Assembly` has one that uses HTTP; tests have recorded answers.
package protocol IAMExchange: Sendable {
    /// - Throws: if there is no complete answer. The call ends in bounded time.
    func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse
}

/// Why there is no answer.
package enum IAMExchangeFault: Error, Equatable, Sendable {
    /// No connection could be made, so the service has received nothing.
    case unreachable
    /// The TLS certificate is not trusted, or the TLS negotiation failed.
    case untrusted
    /// It took too long.
    case timedOut
    /// The answer was cut off, is not HTTP, or is too large.
    case broken
}
