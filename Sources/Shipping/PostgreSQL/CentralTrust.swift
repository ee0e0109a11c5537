package import Audit

/// What an auditor brings along to judge central copies by.
package struct CentralTrust: Sendable {
    /// Public keys of any instances; without one of an instance its own word has to do.
    package var keys: [NoteVerifier] = []
    /// Whether the keys are this instance's whatever their names say: a host that was renamed.
    package var isForOneInstance = false
    /// Checkpoints of any instances that were kept elsewhere.
    package var checkpoints: [SignedCheckpoint] = []
    /// What stands for records that an instance's journal had removed before its copy began.
    package var removed: RemovedPrefix?

    /// Trusts nothing.
    package init() {}
}
