import Glibc

/// A configuration file's path and text.
package struct SettingsFile: Sendable {
    /// A configuration of 1,000 callers and 1,000 rules has about 500 KB.
    package static let largest = ByteCount.mebibytes(4)
    package static let configuration = "the configuration file"

    package let path: String
    package let text: String
    /// Whether every user of the machine could have written it.
    private let isOpenToAll: Bool

    package init(path: String, text: String, isOpenToAll: Bool = false) {
        self.path = path
        self.text = text
        self.isOpenToAll = isOpenToAll
    }

    /// What is wrong with its permissions. A user who can write the file could add a caller.
    package var permissionFault: SettingsProblem? {
        isOpenToAll ? Self.problem(path, "\(Self.configuration) can be changed by every user of this machine", hint: "chmod o-w") : nil
    }

    /// Reads a file whole; a size above `largest` is refused before anything is parsed.
    /// - Parameter name: what messages call it.
    package static func read(path: String, as name: String = configuration) throws(SettingsProblems) -> SettingsFile {
        func failure(_ message: String) -> SettingsProblems { SettingsProblems([problem(path, "\(name) \(message)")]) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure("cannot be opened: \(String(cString: strerror(errno)))") }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("is not a regular file") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= largest.bytes {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot be read: \(String(cString: strerror(errno)))") }
            guard count > 0 else {
                guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("is not UTF-8 text") }
                return SettingsFile(path: path, text: text, isOpenToAll: status.st_mode & S_IWOTH != 0)
            }
            bytes += chunk[..<count]
        }
        throw failure("is larger than \(largest)")
    }

    private static func problem(_ path: String, _ message: String, hint: String? = nil) -> SettingsProblem {
        let position = SourcePosition(file: path, line: 1, column: 1)
        return SettingsProblem(.unusableFile, .init(.root, .file(position)), message, hint: hint)
    }
}
