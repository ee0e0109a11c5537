package import Files
import Glibc

/// Files named on the command line.
package enum TextFile {
    /// Replaces the content of a file that only its user can read, or writes into a pipe or a device; or throws the system's error.
    package static func write(_ text: String, to path: String) throws(ErrorCode) {
        guard !NamedOutput.isNoFile(path) else { return try write(text, into: path) }
        let draft = try FileDraft(of: path)
        try draft.write(text)
        try draft.takePlace(.content)
    }

    private static func write(_ text: String, into path: String) throws(ErrorCode) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw ErrorCode(errno) }
        defer { close(descriptor) }
        if let error = RegularFile.write(text, to: descriptor) { throw error }
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
