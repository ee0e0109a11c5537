import Glibc

/// The file of a Unix socket that this process has bound. Files of other processes are never replaced or removed.
///
/// 1. A file is only replaced if it is a socket on which no process listens; one that is in use, or another kind of file, is
///    left alone.
/// 2. At the end the file is removed only if it is still the one that this process created, by device and inode.
struct UnixSocketFile: Sendable {
    private let path: String
    private let identity: Identity

    private struct Identity: Equatable, Sendable {
        let device: UInt64
        let inode: UInt64

        /// Of the file itself, not of what a link points to; nil when there is none.
        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// The system's error number.
    struct Fault: Error {
        let code: Int32
    }

    /// Binds a socket with the given permissions; it is not listening yet, so no client can connect before they
    /// are set.
    static func bind(_ path: String, mode: UInt32) throws(Fault) -> (descriptor: Int32, file: UnixSocketFile) {
        guard let address = Address(path) else { throw Fault(code: ENAMETOOLONG) }
        try clear(path, address)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Fault(code: errno) }
        guard address.with({ Glibc.bind(descriptor, $0, $1) }) == 0, chmod(path, mode) == 0, let identity = Identity(path) else {
            let code = errno
            close(descriptor)
            throw Fault(code: code)
        }
        return (descriptor, UnixSocketFile(path: path, identity: identity))
    }

    /// Removes the file, if it is still ours.
    func remove() {
        if Identity(path) == identity { unlink(path) }
    }

    /// Removes the socket of a process that ended without doing so.
    private static func clear(_ path: String, _ address: Address) throws(Fault) {
        guard let found = Identity(path) else { return }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw Fault(code: errno) }
        defer { close(probe) }
        // Other kinds of files refuse a connection as well, so the type is checked. On other errors the socket may be in
        // use.
        var status = stat()
        let isSocket = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
        let isDead = isSocket && address.with { connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
        guard isDead, Identity(path) == found, unlink(path) == 0 else { throw Fault(code: EADDRINUSE) }
    }

    /// A path as the system calls take it.
    private struct Address {
        private var unix = sockaddr_un()

        init?(_ path: String) {
            let bytes = Array(path.utf8)
            guard !bytes.isEmpty, bytes.count < MemoryLayout.size(ofValue: unix.sun_path) else { return nil }
            unix.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &unix.sun_path) { $0.copyBytes(from: bytes) }
        }

        func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
            withUnsafePointer(to: unix) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
            }
        }
    }
}
