/// The result of a fetch.
package struct FetchedMaterial: Sendable {
    package let material: CredentialMaterial
    /// From the fetch's start; nil when the material does not expire.
    package let lifetime: Duration?
    /// The expiry stated by the service, seconds since 1970, for metrics.
    package let expiry: Int64?

    package init(_ material: CredentialMaterial, lifetime: Duration?, expiry: Int64?) {
        self.material = material
        self.lifetime = lifetime
        self.expiry = expiry
    }
}

/// One method to obtain material from a service.
protocol MaterialFetcher: Sendable {
    /// Requests material. The call ends in bounded time.
    func fetch() async throws(IAMFault) -> FetchedMaterial

    /// The files whose content a fetch depends on. When one of them changes, a refused secret may be tried again.
    var inputs: [String] { get }

    /// Whether a changed input causes a renewal while the current material is still valid.
    var renewsOnChange: Bool { get }
}

extension MaterialFetcher {
    var inputs: [String] { [] }
    var renewsOnChange: Bool { false }
}
