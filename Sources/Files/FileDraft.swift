import Codecs
internal import Glibc

/// A new file that takes the place of another once it is whole: a reader sees the old content or the new one. It is made anew under the other's name
/// with `.new` behind it, and removed at the end of this value if it hasn't taken the place by then.
package struct FileDraft: ~Copyable {
    /// What stands behind the name of the file until then.
    package static let suffix = ".new"

    /// Who owns the file.
    package enum Owner {
        /// The user of this process.
        case process
        /// The owner of the directory, where root makes the file (`FileOwner`).
        case directory
        /// The owner of the file that is replaced, which also gives its mode; the user of this process where there was none.
        case replaced
    }

    /// What is on the disk when the file has its name.
    package enum Durability {
        case nothing
        case content
        case contentAndName
    }

    /// Open for writing; for reading as well if that was asked for.
    package let descriptor: Int32
    private let path: String
    private var isNamed = false

    /// Makes the draft, in place of whatever has its name.
    /// - Parameters:
    ///   - path: the file that is replaced, or that does not exist yet.
    ///   - mode: its permissions, whatever the process's mask.
    /// - Throws: the system's error.
    package init(of path: String, owner: Owner = .process, mode: UInt32 = 0o600, isReadable: Bool = false) throws(ErrorCode) {
        descriptor = RegularFile.create(path + Self.suffix, isReadable ? O_RDWR : O_WRONLY, mode: mode)
        guard descriptor >= 0 else { throw ErrorCode(errno) }
        self.path = path
        fchmod(descriptor, mode)
        switch owner {
        case .process: break
        case .directory: FileOwner.inherit(descriptor, from: PathText.parent(of: path))
        case .replaced:
            var status = stat()
            // A mode for another group than the file has would let the wrong users read it.
            if stat(path, &status) == 0, fchown(descriptor, status.st_uid, status.st_gid) == 0 { fchmod(descriptor, status.st_mode & 0o777) }
        }
    }

    deinit {
        if !isNamed { unlink(path + Self.suffix) }
        close(descriptor)
    }

    /// Writes all bytes, or throws the system's error.
    package func write(_ bytes: [UInt8]) throws(ErrorCode) {
        if let error = bytes.withUnsafeBytes({ RegularFile.write($0, to: descriptor) }) { throw error }
    }

    /// Writes a whole text, or throws the system's error.
    package func write(_ text: String) throws(ErrorCode) {
        if let error = RegularFile.write(text, to: descriptor) { throw error }
    }

    /// Gives the file its name. After an error the old file stands, unless the error is that of syncing the directory.
    package consuming func takePlace(_ durability: Durability) throws(ErrorCode) {
        if durability != .nothing, fdatasync(descriptor) != 0 { throw ErrorCode(errno) }
        guard rename(path + Self.suffix, path) == 0 else { throw ErrorCode(errno) }
        isNamed = true
        if durability == .contentAndName, let error = FileDirectory.sync(of: path) { throw error }
    }
}
