import Audit
import Logging

/// Copies checkpoints to the operational log, whatever its level: most installations keep that on another machine.
struct StandardErrorAnchor: CheckpointAnchor {
    private let logger: Logger

    init(logger: Logger) {
        var logger = logger
        logger.logLevel = .info
        self.logger = logger
    }

    var name: String { "stderr" }

    /// The note stands in one line, its line ends as `\n`: `printf '%b'` gives it back.
    func publish(_ checkpoint: SignedCheckpoint) throws(AnchorFailure) {
        let note = checkpoint.note.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
        logger.info("checkpoint", metadata: ["size": "\(checkpoint.head.size)", "note": "\(note)"])
    }
}
