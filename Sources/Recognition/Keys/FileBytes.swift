import Codecs
package import Files
import Glibc

/// Reads and replaces small files as a whole.
package enum FileBytes {
    /// Why a file could not be read.
    package enum Fault: Error, Sendable, Equatable {
        case missing
        case notAFile
        /// Every user of the machine can write it.
        case openToAll
        case tooLarge
        case unreadable(Int32)

        package var sentence: String {
            switch self {
            case .missing: "is not there"
            case .notAFile: "is not a regular file"
            case .openToAll: "can be changed by every user of this machine; chmod o-w"
            case .tooLarge: "is larger than such a file can be"
            case .unreadable(let code): "can't be read: \(String(cString: strerror(code)))"
            }
        }
    }

    package static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
        // Without O_NONBLOCK a FIFO put in the file's place would block the reader for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_mode & S_IWOTH == 0 else { throw .openToAll }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .unreadable(errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw .tooLarge }
        }
    }

    /// Replaces a file durably, or throws the system's error. The new one keeps owner and mode of the old one, so that a gateway of another user than
    /// the one who changes the list can still read it; where there was none, its mode is 0600.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(ErrorCode) {
        let draft = try FileDraft(of: path, owner: .replaced)
        try draft.write(bytes)
        try draft.takePlace(.contentAndName)
    }

    /// Writes a file durably that must not exist yet, or throws the system's error.
    package static func create(_ path: String, with bytes: [UInt8]) throws(ErrorCode) {
        let descriptor = RegularFile.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        guard descriptor >= 0 else { throw ErrorCode(errno) }
        defer { close(descriptor) }
        if let error = bytes.withUnsafeBytes({ RegularFile.write($0, to: descriptor) }) { throw error }
        guard fsync(descriptor) == 0 else { throw ErrorCode(errno) }
        if let error = FileDirectory.sync(of: path) { throw error }
    }

    /// Makes the directory of a file, one level, for its owner alone. Returns why that is impossible.
    package static func makeDirectory(of path: String) -> ErrorCode? {
        mkdir(PathText.parent(of: path), 0o700) == 0 || errno == EEXIST ? nil : ErrorCode(errno)
    }
}
