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

    /// Trusts nothing.
    package init() {}
}
