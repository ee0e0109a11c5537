internal import Glibc

/// The journal's directory, opened and locked. The lock is on the directory itself: a lock file could be deleted by a reader.
struct JournalDirectory: Sendable {
    /// The path as configured.
    let path: String
    /// The open directory that holds the lock.
    let descriptor: Int32
    private let device: UInt
    private let inode: UInt

    /// Creates the directory if it is missing, and takes the lock.
    init(path: String) throws(JournalError) {
        let isNew = mkdir(path, 0o700) == 0
        if !isNew, errno != EEXIST { throw .directoryUnusable(path: path, code: errno) }
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .directoryUnusable(path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw code == EWOULDBLOCK ? .directoryInUse(path: path) : .directoryUnusable(path: path, code: code)
        }
        var status = stat()
        fstat(descriptor, &status)
        // The contract requires 0700. If the mode can't be changed (a volume of another user), writing may still work, and `doctor` reports it. In a
        // directory shared with others, such as /tmp, the mode is not changed.
        if status.st_mode & 0o777 != 0o700, Self.isOurs(descriptor) { fchmod(descriptor, 0o700) }
        if isNew { Self.syncParent(of: descriptor) }
        self.path = path
        self.descriptor = descriptor
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    /// Whether a directory contains no foreign directory. Allowed are those of a journal and the one that a new file system has.
    private static func isOurs(_ directory: Int32) -> Bool {
        let ours: Set = [".", "..", "lost+found", "checkpoints", "index", "tree"]
        let others = DirectoryListing.names(in: directory) { name -> String? in
            var status = stat()
            guard !ours.contains(name), fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
            return status.st_mode & S_IFMT == S_IFDIR ? name : nil
        }
        return others?.isEmpty == true
    }

    /// Makes a new directory's own name durable, if its parent may be opened.
    private static func syncParent(of descriptor: Int32) {
        let parent = openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        Glibc.close(parent)
    }

    /// The directory that the path now refers to: this one, or a new one with a lock of its own when this one was removed or renamed.
    func current() throws(JournalError) -> JournalDirectory {
        var status = stat()
        if stat(path, &status) == 0, UInt(status.st_dev) == device, UInt(status.st_ino) == inode { return self }
        return try JournalDirectory(path: path)
    }

    /// Whether the two are the same open directory.
    func isSame(as other: JournalDirectory) -> Bool { descriptor == other.descriptor }

    /// Makes names that were added or removed durable; returns the error code, or 0.
    func sync() -> Int32 {
        fsync(descriptor) == 0 ? 0 : errno
    }

    /// Releases the lock explicitly, because a child process between fork and exec may still have the descriptor.
    func close() {
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    /// The segments, the oldest first. Files with other names don't belong to the journal and are ignored.
    func segments() throws(JournalError) -> [SegmentName] {
        guard let names = DirectoryListing.segments(in: descriptor) else { throw .directoryUnusable(path: path, code: errno) }
        return names
    }

    /// The length of a regular file of that name, or nil.
    func length(of name: String) -> Int? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Removes a name.
    func remove(_ name: String) -> Bool { unlinkat(descriptor, name, 0) == 0 }

    /// Renames a file, replacing an existing one.
    func rename(_ name: String, to other: String) -> Bool { renameat(descriptor, name, descriptor, other) == 0 }
}
