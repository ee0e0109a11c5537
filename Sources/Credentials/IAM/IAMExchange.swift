/// Sends requests to identity services. The executable brings one that speaks HTTP; tests bring recorded answers.
package protocol IAMExchange: Sendable {
    /// - Throws: when there is no whole answer. It ends in bounded time.
    func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse
}

/// Why there is no answer.
package enum IAMExchangeFault: Error, Equatable, Sendable {
    /// No connection came about: the service has seen nothing.
    case unreachable
    /// The TLS certificate is not trusted, or no agreement was found.
    case untrusted
    /// It took too long.
    case timedOut
    /// The answer broke off, is no HTTP, or is too large.
    case broken
}
