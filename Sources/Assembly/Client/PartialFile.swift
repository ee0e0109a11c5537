import Codecs
import Crypto
import Glibc
import Synchronization

/// A file that gets its name only when it is complete: until then it is called `NAME.part`.
package final class PartialFile: Sendable {
    /// The properties of the finished file.
    package struct Facts: Sendable {
        package let bytes: Int
        package let sha256: String
    }

    private struct State {
        var digest = SHA256()
        var bytes = 0
        /// Why the last piece could not be written.
        var trouble: Int32?
    }

    private let path: String
    private let draft: String
    private let descriptor: CInt
    private let state = Mutex(State())

    /// Creates the draft, or truncates one that an earlier run left.
    package init(path: String) throws(Failure) {
        guard !NamedOutput.isNoFile(path) else { throw Failure(.usage, "\(path) is there and is no file.") }
        let draft = path + ".part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw Failure(.runtime, "\(draft) can't be written (\(SystemError.text(errno))).") }
        // Two runs that fetch the same file would write into one draft.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Failure(.runtime, "Another run is writing \(draft).")
        }
        // The last of the properties, after everything that can fail: from then on a failing init would run deinit, and close the descriptor
        // twice.
        self.path = path
        self.draft = draft
        self.descriptor = descriptor
        _ = ftruncate(descriptor, 0)
    }

    deinit { close(descriptor) }

    package var bytes: Int { state.withLock { $0.bytes } }

    /// Why the file can't be written, as a sentence.
    package var trouble: String {
        "\(draft) can't be written\(state.withLock { $0.trouble }.map { " (\(SystemError.text($0)))" } ?? "")."
    }

    /// Writes the next piece; false when the disk refuses it.
    package func write(_ piece: UnsafeRawBufferPointer) -> Bool {
        var rest = piece
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count == 0 ? EIO : errno
                state.withLock { $0.trouble = reason }
                return false
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        state.withLock { state in
            state.digest.update(bufferPointer: piece)
            state.bytes += piece.count
        }
        return true
    }

    /// Truncates the draft: the earlier attempt was incomplete.
    package func restart() {
        _ = ftruncate(descriptor, 0)
        _ = lseek(descriptor, 0, SEEK_SET)
        state.withLock { $0 = State() }
    }

    /// Gives the file its name. If it can't have that name, it is complete all the same, and stays under its draft's.
    /// - Parameter replaces: whether an existing file of this name may be replaced.
    package func finish(replacing replaces: Bool) throws(Failure) -> Facts {
        guard fsync(descriptor) == 0 else {
            let reason = errno
            discard()
            throw Failure(.runtime, "\(draft) can't be written (\(SystemError.text(reason))).")
        }
        guard replaces && !NamedOutput.isNoFile(path) ? rename(draft, path) == 0 : name() else {
            throw Failure(.runtime, "\(path) can't be written (\(SystemError.text(errno))); the whole file is \(draft).")
        }
        return state.withLock { Facts(bytes: $0.bytes, sha256: Self.text(of: $0.digest.finalize())) }
    }

    /// Gives the draft the file's name unless something has that name; on false the reason is in `errno`.
    private func name() -> Bool {
        guard link(draft, path) != 0 else {
            unlink(draft)
            return true
        }
        // A file system without links, as on a stick or a share, fails with one of these.
        guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else { return false }
        let place = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard place >= 0 else { return false }
        close(place)
        return rename(draft, path) == 0
    }

    private static func text(of digest: SHA256.Digest) -> String {
        var text: [UInt8] = []
        for byte in digest { text += [Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 0x0F)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Deletes the draft.
    package func discard() { unlink(draft) }
}
