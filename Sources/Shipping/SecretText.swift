import Glibc

/// Reads a secret from its file each time it is needed, so that a rotated one is used from the next connection on.
package enum SecretText {
    /// The largest file that is read, bytes.
    private static let maximumBytes = 32 << 10

    /// The file's text without the line break at its end.
    package static func read(_ path: String) throws(SinkFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SinkFailure("the file \(path) can't be read") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFREG || status.st_mode & S_IWOTH == 0 else {
            throw SinkFailure("the file \(path) can be changed by every user of this machine; chmod o-w, better 0400")
        }
        var bytes = [UInt8](repeating: 0, count: maximumBytes)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0, count < bytes.count, var text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw SinkFailure("the file \(path) is empty, too large or no text")
        }
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
