/// What there is to say about a credential at the moment, for probes and metrics.
package struct CredentialStatus: Sendable, Equatable {
    /// Whether it can vouch for a request now.
    package var isReady: Bool
    package var isSuspended = false
    /// When what is at hand ends, seconds since 1970; nil when it does not, or there is none.
    package var expiry: Int64?
    package var renewals = Renewals()
    /// In words for the operator: why it isn't ready, or what threatens.
    package var problem: String?

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
        isReady = isReady && other.isReady
        isSuspended = isSuspended || other.isSuspended
        expiry = [expiry, other.expiry].compactMap(\.self).min()
        renewals.succeeded += other.renewals.succeeded
        renewals.failed += other.renewals.failed
        renewals.rejected += other.renewals.rejected
        problem = problem ?? other.problem
    }
}
