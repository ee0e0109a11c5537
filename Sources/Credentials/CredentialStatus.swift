/// What there is to say about a credential at the moment, for probes and metrics.
package struct CredentialStatus: Sendable, Equatable {
    /// Whether it can sign a request now, or add a token to it.
    package var isReady: Bool
    package var isSuspended = false
    /// When what is at hand ends, seconds since 1970; nil when it does not, or there is none.
    package var expiry: Int64?
    package var renewals = Renewals()
    /// In words for the operator: why it isn't ready, or what threatens.
    package var problem: String?
    /// How long until it is tried again, where it rests or nothing could be obtained; zero while it is being tried.
    package var retryAfter: Duration?
    /// How long it has been in its state.
    package var inState = Duration.zero
    /// How long what is at hand has been in use; nil where there was never anything.
    package var inUse: Duration?

    /// In one word.
    package var state: State {
        if isSuspended { return .suspended }
        guard isReady else { return .unavailable }
        return problem == nil ? .ready : .renewing
    }

    /// From the best to the worst.
    package enum State: String, Sendable, CaseIterable {
        case ready
        /// It can sign requests, but what it has could not be renewed.
        case renewing
        case unavailable
        /// The cloud refused it, so it is suspended for a while.
        case suspended

        fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    package init(isReady: Bool) {
        self.isReady = isReady
    }

    /// How often material was asked for at a service.
    package struct Renewals: Sendable, Equatable {
        package var succeeded = 0
        package var failed = 0
        /// HSS refused a token that had not expired.
        package var rejected = 0

        package init() {}
    }

    /// Several scopes of one credential as one: as bad as the worst of them.
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
