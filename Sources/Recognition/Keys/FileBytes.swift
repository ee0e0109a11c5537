import Codecs
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

    /// Writes a new file, syncs it and renames it to the given name. It keeps owner and mode of the one that it replaces, so that a gateway of
    /// another user than the one who changes the list can still read it; where there was none, its mode is 0600. If false, the reason is in `errno`.
    package static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        let temporary = "\(path).new"
        // One that an earlier run left, or a link that somebody else has put there.
        unlink(temporary)
        guard write(temporary, bytes, like: path), rename(temporary, path) == 0 else { return false }
        return syncDirectory(of: path)
    }

    /// Writes a file that must not exist yet.
    package static func create(_ path: String, with bytes: [UInt8]) -> Bool {
        write(path, bytes) && syncDirectory(of: path)
    }

    private static func write(_ path: String, _ bytes: [UInt8], like model: String? = nil) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        // A mode for another group than the file has would let the wrong users read it.
        if let model, stat(model, &status) == 0, fchown(descriptor, status.st_uid, status.st_gid) == 0 {
            fchmod(descriptor, status.st_mode & 0o777)
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return fsync(descriptor) == 0
    }

    private static func syncDirectory(of path: String) -> Bool {
        let descriptor = open(PathText.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// Makes the directory of a file, one level, for its owner alone. Returns why that is impossible.
    package static func makeDirectory(of path: String) -> String? {
        mkdir(PathText.parent(of: path), 0o700) == 0 || errno == EEXIST ? nil : reason
    }

    /// The text of the last system error.
    package static var reason: String { String(cString: strerror(errno)) }
}
