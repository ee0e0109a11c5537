import Codecs
internal import Glibc

/// The directories that files are in.
package enum FileDirectory {
    /// Syncs the directory of a path, so that new names in it are durable; returns the error, or nil.
    package static func sync(of path: String) -> ErrorCode? {
        let descriptor = open(PathText.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return ErrorCode(errno) }
        defer { close(descriptor) }
        return fsync(descriptor) == 0 ? nil : ErrorCode(errno)
    }
}
