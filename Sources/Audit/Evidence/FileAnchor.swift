import Files
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
        // Empty lines separate it from an incomplete note that an earlier failure may have left, of which the last line has no end.
        let gap = endsWithGap() ? "" : "\n\n"
        if let error = RegularFile.write(gap + checkpoint.note + "\n", to: descriptor) { throw CheckpointAnchorFailure(error.text) }
        guard fdatasync(descriptor) == 0 else { throw CheckpointAnchorFailure(ErrorCode(errno).text) }
    }

    /// Whether the next checkpoint can be appended as it is: the file is empty, or ends with an empty line, as after a whole checkpoint. Also true
    /// for what is no regular file, such as a pipe, since it has no end to read.
    private func endsWithGap() -> Bool {
        let descriptor = RegularFile.open(path, O_RDONLY)
        guard descriptor >= 0 else { return errno == RegularFile.notRegular }
        defer { close(descriptor) }
        let length = lseek(descriptor, 0, SEEK_END)
        guard length > 0 else { return true }
        var end: [UInt8] = [0, 0]
        return length >= 2 && pread(descriptor, &end, 2, length - 2) == 2 && end == [0x0A, 0x0A]
    }
}
