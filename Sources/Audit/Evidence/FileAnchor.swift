internal import Glibc

/// An anchor in a file elsewhere: another disk, a mounted share, an append-only file. Each checkpoint is appended, and none is ever replaced.
package struct FileAnchor: CheckpointAnchor {
    private let path: String

    /// Makes an anchor of a file, which is created if it is missing.
    package init(path: String) {
        self.path = path
    }

    package var name: String { "file:\(path)" }

    package func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw CheckpointAnchorFailure(ErrorCode(errno).text) }
        defer { close(descriptor) }
        // The empty line separates it from an incomplete note that an earlier failure may have left.
        if let error = SmallFile.write(checkpoint.note + "\n", to: descriptor) { throw CheckpointAnchorFailure(error.text) }
        guard fdatasync(descriptor) == 0 else { throw CheckpointAnchorFailure(ErrorCode(errno).text) }
    }
}
