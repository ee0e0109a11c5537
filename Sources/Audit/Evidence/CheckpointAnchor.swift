/// A place outside the journal's directory that signed checkpoints are copied to, so that whoever rewrites the directory can't rewrite them too.
///
/// Each anchor has a thread of its own: `publish` may block for as long as its place takes (give it a limit of its own), and never slows a request
/// or another anchor. While it is busy or fails, only the newest checkpoint waits, since it covers what the older ones did.
package protocol CheckpointAnchor: Sendable {
    /// What metrics and events call it; a configured name or address without secrets.
    var name: String { get }

    /// Copies a checkpoint there; returns when it is kept.
    func publish(_ checkpoint: SignedCheckpoint) throws(AnchorFailure)

    /// Asks for the end of a copy that is under way, since the gateway ends; called from another thread than `publish`.
    func abandon()
}

extension CheckpointAnchor {
    package func abandon() {}
}

/// Why a checkpoint could not be copied, in a few words without secrets.
package struct AnchorFailure: Error, Sendable, Hashable {
    /// The reason, for an event and the log.
    package let reason: String

    /// Makes a failure.
    package init(_ reason: String) {
        self.reason = reason
    }
}

/// Somebody who still needs segments that are old enough to be removed: a projection that has not got them yet.
package protocol RetentionGuard: Sendable {
    /// What events call it.
    var name: String { get }

    /// The oldest record that it still needs; everything before may be removed as far as it is concerned.
    var oldestNeeded: SequenceNumber { get }

    /// Asked before records are removed: what keeps the guard from vouching for its copy of them, in a sentence; nothing when it is whole, or when
    /// it keeps none that can be compared. May block for as long as it takes to read the records there.
    /// - Parameters:
    ///   - beginning: the tree over everything before them.
    ///   - end: size and root behind them.
    func objection(to beginning: MerkleTree, _ end: TreeHead) -> String?
    /// Whether it is being stopped, so that its objection says nothing about the copy.
    var isEnding: Bool { get }
}

extension RetentionGuard {
    package func objection(to beginning: MerkleTree, _ end: TreeHead) -> String? { nil }
    package var isEnding: Bool { false }
}
