/// A named credential of the configuration.
package final class Credential: Sendable {
    package let name: String
    private let source: any CredentialSource

    package init(name: String, source: any CredentialSource) {
        self.name = name
        self.source = source
    }

    package var type: CredentialType { source.type }

    /// The material that is valid at that time and needs no waiting; nil when there is none.
    package func materialAtHand(at time: SigningTime) -> CredentialMaterial? {
        source.materialAtHand(at: time)
    }

    /// Obtains material, for a request that found none at hand.
    package func obtain(at time: SigningTime) async throws(CredentialError) -> CredentialMaterial {
        try await source.obtain(at: time)
    }

    /// Vouches for a request without waiting. Inside this module only: everybody else pays with a permit (`vouch`).
    func headers(for request: CredentialRequest, at time: SigningTime) throws(CredentialError) -> CredentialHeaders {
        guard let material = source.materialAtHand(at: time) else { throw .notAtHand }
        return try material.headers(for: request, at: time)
    }

    /// Looks after the material; see `CredentialSource.refresh`.
    package func refresh(uptime: Duration) -> CredentialEvent? {
        source.refresh(uptime: uptime)
    }
}
