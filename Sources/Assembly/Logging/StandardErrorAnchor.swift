import Audit
import Logging
import Synchronization

/// Copies checkpoints to the operational log, whatever its level: most installations keep that on another machine.
///
/// It uses no part of the log's buffer: a checkpoint counts as copied when it was written to stderr, and until then this anchor is behind,
/// like one that can't be reached.
final class StandardErrorAnchor: CheckpointAnchor {
    private let output: LogOutput
    private let isAbandoned = Atomic<Bool>(false)

    /// Longest wait for a log that is not read, before the newest checkpoint is tried.
    private static let patience = Duration.seconds(10)

    init(output: LogOutput = LogSetup.output) {
        self.output = output
    }

    var name: String { "stderr" }

    /// The note is one line, with `\n` for its line ends: JSON escapes in a JSON log (`jq -r .note` decodes them), and the same two
    /// characters in a text log, which `printf '%b'` turns into line ends.
    func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure) {
        let line = LogSetup.line(.info, "checkpoint", [("note", checkpoint.note), ("size", "\(checkpoint.head.size)")])
        guard output.deliver(line, within: Self.patience, isAbandoned: { isAbandoned.load(ordering: .acquiring) }) else {
            throw CheckpointAnchorFailure("nobody reads stderr")
        }
    }

    func abandon() {
        isAbandoned.store(true, ordering: .releasing)
    }
}
