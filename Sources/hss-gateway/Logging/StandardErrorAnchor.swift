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

    /// The note stands in one line, its line ends as `\n`: JSON's in a log of JSON (`jq -r .note` gives it back), and the same two characters
    /// in a log of text, which `printf '%b'` turns into line ends.
    func publish(_ checkpoint: SignedCheckpoint) throws(AnchorFailure) {
        logger.info("checkpoint", metadata: ["size": "\(checkpoint.head.size)", "note": "\(checkpoint.note)"])
    }
}
