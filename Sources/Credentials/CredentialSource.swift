/// Something that yields credential material: a file on disk, or a service that has to be asked. None of its methods waits.
package protocol CredentialSource: Sendable {
    var type: CredentialType { get }

    /// The material that is valid now; nil when there is none.
    func materialAtHand() -> CredentialMaterial?

    /// What a request that needs material does. Asking begins to obtain it where that is due.
    func demand() -> CredentialDemand

    /// Calls back, from any thread, once asking again makes sense. False when too many wait already.
    func whenChanged(_ action: @escaping @Sendable () -> Void) -> Bool

    /// The cloud accepted a request that was signed with this material, or sent with this token.
    func accepted(_ material: CredentialMaterial)

    /// HSS refused this material although it had not expired.
    /// - Returns: whether other material is there or under way, so that asking again makes sense.
    func reject(_ material: CredentialMaterial) -> Bool

    /// Looks after the material: notices changed files, renews what is about to expire. It may block on the file system.
    /// `uptime` is any clock that never goes back.
    func refresh(uptime: Duration) -> [CredentialEvent]

    var status: CredentialStatus { get }

    /// Why the last attempt to obtain something brought nothing; nil when it did, or when there is nothing to obtain.
    var fault: IAMFault? { get }
}

extension CredentialSource {
    package func accepted(_ material: CredentialMaterial) {}
}
