/// A place outside the journal's directory that signed checkpoints are copied to, so that an attacker who rewrites the directory can't rewrite them
/// as well.
///
/// Each anchor has a thread of its own: `publish` may block (the implementation sets its own timeout), and never delays a request or another anchor.
/// While it is busy or fails, only the newest checkpoint waits, since it covers what the older ones did.
package protocol CheckpointAnchor: Sendable {
    /// Its name in metrics and events: a configured name or address without secrets.
    var name: String { get }

    /// Copies a checkpoint to the anchor; returns when it is stored.
    func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure)

    /// Requests that a copy under way stops, because the gateway stops; called on another thread than `publish`.
    func abandon()
}

extension CheckpointAnchor {
    package func abandon() {}
}

/// Why a checkpoint could not be copied, in a few words without secrets.
package struct CheckpointAnchorFailure: Error, Sendable, Hashable {
    /// The reason, for an event and the log.
    package let reason: String

    /// Makes a failure.
    package init(_ reason: String) {
        self.reason = reason
    }
}
