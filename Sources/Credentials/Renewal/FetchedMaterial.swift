/// What a fetch brought.
package struct FetchedMaterial: Sendable {
    package let material: CredentialMaterial
    /// From the fetch's start; nil when the material does not expire.
    package let lifetime: Duration?
    /// When it ends in the service's words, seconds since 1970, for metrics.
    package let expiry: Int64?

    package init(_ material: CredentialMaterial, lifetime: Duration?, expiry: Int64?) {
        self.material = material
        self.lifetime = lifetime
        self.expiry = expiry
    }
}

/// One way to obtain material from elsewhere.
protocol MaterialFetcher: Sendable {
    /// Asks for it. It ends in bounded time.
    func fetch() async throws(IAMFault) -> FetchedMaterial

    /// The files whose content a fetch depends on. When one of them changes, what was refused may be tried again.
    var inputs: [String] { get }

    /// Whether a changed input is reason enough to ask anew while what is at hand is still good.
    var renewsOnChange: Bool { get }
}

extension MaterialFetcher {
    var inputs: [String] { [] }
    var renewsOnChange: Bool { false }
}
