/// The present status of a credential, for probes and metrics.
package struct CredentialStatus: Sendable, Equatable {
    /// Whether it can sign a request now, or add a token to it.
    package var isReady: Bool
    package var isSuspended = false
    /// When the current material expires, seconds since 1970; nil if it doesn't, or if there is none.
    package var expiry: Int64?
    package var renewals = Renewals()
    /// A sentence for the operator: why it isn't ready, or what is about to fail.
    package var problem: String?
    /// How long until the next attempt, if it is suspended or the last fetch failed; zero during an attempt.
    package var retryAfter: Duration?
    /// How long it has been in its state.
    package var inState = Duration.zero
    /// How long the current material has been in use; nil if there was never any.
    package var inUse: Duration?

    /// The state as one word.
    package var state: State {
        if isSuspended { return .suspended }
        guard isReady else { return .unavailable }
        return problem == nil ? .ready : .renewing
    }

    /// From the best to the worst.
    package enum State: String, Sendable, CaseIterable {
        case ready
        /// It can sign requests, but its material could not be renewed.
        case renewing
        case unavailable
        /// The cloud refused it, so it is suspended for a while.
        case suspended

        fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    package init(isReady: Bool) {
        self.isReady = isReady
    }

    /// How often material was requested from a service.
    package struct Renewals: Sendable, Equatable {
        package var succeeded = 0
        package var failed = 0
        /// HSS refused a token that had not expired.
        package var rejected = 0

        package init() {}
    }

    /// Merges the scopes of one credential: the result is the worst status among them.
    package mutating func merge(_ other: CredentialStatus) {
        switch other.state.rank {
        case ..<state.rank: break
        case state.rank: inState = max(inState, other.inState)
        default: inState = other.inState
        }
        retryAfter = [retryAfter, other.retryAfter].compactMap(\.self).min()
        inUse = [inUse, other.inUse].compactMap(\.self).min()
        isReady = isReady && other.isReady
        isSuspended = isSuspended || other.isSuspended
        expiry = [expiry, other.expiry].compactMap(\.self).min()
        renewals.succeeded += other.renewals.succeeded
        renewals.failed += other.renewals.failed
        renewals.rejected += other.renewals.rejected
        problem = problem ?? other.problem
    }
}
