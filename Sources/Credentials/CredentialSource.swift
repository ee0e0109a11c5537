/// A source of credential material: a file on disk, or a service. No method waits for a service.
package protocol CredentialSource: Sendable {
    var type: CredentialType { get }

    /// The material that is valid now; nil when there is none.
    func materialAtHand() -> CredentialMaterial?

    /// What a request that needs material should do. Starts a fetch if one is due.
    func demand() -> CredentialDemand

    /// Calls back, from any thread, once a retry makes sense. False if too many requests already wait.
    func whenChanged(_ action: @escaping @Sendable () -> Void) -> Bool

    /// The cloud accepted a request that was signed with this material, or sent with this token.
    func accepted(_ material: CredentialMaterial)

    /// HSS refused this material although it had not expired.
    /// - Returns: whether other material is available or being fetched, so that a retry makes sense.
    func reject(_ material: CredentialMaterial) -> Bool

    /// Maintains the material: notices changed files and renews what is about to expire. It may block on the file system. `uptime` is any clock that
    /// never goes back.
    func refresh(uptime: Duration) -> [CredentialEvent]

    var status: CredentialStatus { get }

    /// Why the last fetch failed; nil if it succeeded, or if there is nothing to fetch.
    var fault: IAMFault? { get }
}

extension CredentialSource {
    package func accepted(_ material: CredentialMaterial) {}
}
