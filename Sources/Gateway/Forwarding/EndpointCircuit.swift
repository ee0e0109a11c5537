import NIOCore

/// Whether one endpoint of HSS (scheme, host, port) can be connected to, as far as the requests of callers have shown.
///
/// Closed: requests pass. After enough consecutive requests without a connection it opens: requests are refused at once, except for one probe at a
/// time, with a pause between two probes. The first connection closes it. Any answer of HSS, even an error, shows that the endpoint is reachable.
///
/// A value without clock and network: the caller passes the time, and gets back what changed.
struct EndpointCircuit {
    /// Why a request got no connection, after all of its attempts.
    enum Failure: Sendable, Equatable {
        /// The name has no address.
        case unresolved
        /// Refused, reset or unreachable.
        case refused
        /// The egress proxy is unavailable, or refused the connection.
        case proxy
        /// No connection within `upstream.connect_timeout`.
        case timedOut

        /// A timeout costs its caller seconds and a refusal nearly nothing, so fewer timeouts open the circuit.
        var weight: Int { self == .timedOut ? 4 : 1 }
    }

    /// What happens to a request.
    enum Verdict: Equatable {
        case passes
        /// It passes as a probe. Its end must be reported by ``reach()``, ``fail(_:ofProbe:at:)`` or ``release()``.
        case probes
        /// The endpoint is down; a retry makes sense after this time.
        case refused(retryAfter: TimeAmount, Failure)
    }

    enum Change: Sendable, Equatable {
        case opened(Failure)
        case closed
    }

    /// Sum of weights at which it opens: ten refused requests in a row, or three that timed out.
    static let threshold = 10
    /// Time from the opening, or from the end of a probe, to the next probe.
    static let rest = TimeAmount.seconds(1)

    private enum State {
        case closed(weight: Int)
        case open(Failure, nextProbe: NIODeadline, isProbed: Bool)
    }

    private var state = State.closed(weight: 0)

    /// Whether the endpoint counts as down.
    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Whether no failure of the endpoint is counted.
    var isPristine: Bool { if case .closed(weight: 0) = state { true } else { false } }

    /// The last failure, while the endpoint is down.
    var failure: Failure? { if case .open(let failure, _, _) = state { failure } else { nil } }

    /// What would happen to a request now. Changes nothing.
    func verdict(at now: NIODeadline) -> Verdict {
        guard case .open(let failure, let nextProbe, let isProbed) = state else { return .passes }
        if isProbed { return .refused(retryAfter: Self.rest, failure) }
        return nextProbe <= now ? .probes : .refused(retryAfter: nextProbe - now, failure)
    }

    /// A request is about to be sent.
    mutating func admit(at now: NIODeadline) -> Verdict {
        let verdict = verdict(at: now)
        if verdict == .probes, case .open(let failure, let nextProbe, _) = state { state = .open(failure, nextProbe: nextProbe, isProbed: true) }
        return verdict
    }

    /// A request got no connection. Those that were under way when it opened change nothing.
    mutating func fail(_ failure: Failure, ofProbe isProbe: Bool, at now: NIODeadline) -> Change? {
        switch state {
        case .closed(let weight):
            guard weight + failure.weight >= Self.threshold else {
                state = .closed(weight: weight + failure.weight)
                return nil
            }
            state = .open(failure, nextProbe: now + Self.rest, isProbed: false)
            return .opened(failure)
        case .open:
            if isProbe { state = .open(failure, nextProbe: now + Self.rest, isProbed: false) }
            return nil
        }
    }

    /// A request got a connection, a probe or not.
    mutating func reach() -> Change? {
        let wasOpen = isOpen
        state = .closed(weight: 0)
        return wasOpen ? .closed : nil
    }

    /// A probe ended before it showed anything; the next request may probe.
    mutating func release() {
        if case .open(let failure, let nextProbe, isProbed: true) = state { state = .open(failure, nextProbe: nextProbe, isProbed: false) }
    }
}
