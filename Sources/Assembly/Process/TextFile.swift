import Audit
import Glibc

/// Files named on the command line.
package enum TextFile {
    /// Replaces the content of a file that only its user can read, or writes into a pipe or a device; on false the reason is in `errno`.
    package static func write(_ text: String, to path: String) -> Bool {
        if NamedOutput.isNoFile(path) {
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { return false }
            let isWritten = write(text, to: descriptor)
            let reason = errno
            close(descriptor)
            errno = reason
            return isWritten
        }
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { return false }
        var isWritten = write(text, to: descriptor) && fsync(descriptor) == 0
        let reason = errno
        close(descriptor)
        errno = reason
        if isWritten, rename(draft, path) != 0 { isWritten = false }
        if !isWritten {
            let reason = errno
            unlink(draft)
            errno = reason
        }
        return isWritten
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return true
        }
    }

    /// The content; empty when it can't be read or is longer than the limit.
    /// - Parameter isNamed: whether the user named it: then it may be a pipe, as with the process substitution of a shell, and
    ///   reading waits for it.
    package static func read(_ path: String, limit: Int, isNamed: Bool = true) -> String? {
        let descriptor = isNamed ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : RegularFile.open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while content.count <= limit {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: content, as: UTF8.self) }
            content += block[..<count]
        }
        return nil
    }
}
