package import Audit

/// What an auditor supplies for the verification of central copies.
package struct CentralTrust: Sendable {
    /// Public keys of any instances; without a key of an instance, the one in its records is used.
    package var keys: [NoteVerifier] = []
    /// Whether the keys are for this instance whatever their names are: a host that was renamed.
    package var isForOneInstance = false
    /// Checkpoints of any instances that were stored elsewhere.
    package var checkpoints: [SignedCheckpoint] = []
    /// The evidence about records that were removed before the copy began.
    package var removed: RemovedPrefix?

    /// The names of the journals that they are of.
    var origins: Set<String> { Set(keys.map(\.name)).union(checkpoints.map(\.origin)) }

    /// The number of records that the largest checkpoint of a journal covers; nil without one.
    func largest(_ origin: String) -> UInt64? { checkpoints.filter { $0.origin == origin }.map(\.head.size).max() }

    /// Trusts nothing.
    package init() {}
}
