/// Something that yields credential material: a file on disk, or a service that has to be asked.
///
/// The request path asks `materialAtHand` first, which never waits; only when it has nothing does a request wait for `obtain`.
package protocol CredentialSource: Sendable {
    var type: CredentialType { get }

    /// The material that is valid at that time and needs no waiting; nil when there is none.
    func materialAtHand(at time: SigningTime) -> CredentialMaterial?

    /// Obtains material, however long that takes.
    func obtain(at time: SigningTime) async throws(CredentialError) -> CredentialMaterial

    /// Looks after the material: notices changed files, renews what is about to expire. It may block on the file system.
    /// `uptime` is any clock that never goes back.
    func refresh(uptime: Duration) -> CredentialEvent?
}
