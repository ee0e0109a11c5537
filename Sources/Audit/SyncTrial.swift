internal import Glibc

/// Measures how long a directory's disk takes to make a small write durable. It writes to a file without a name (O_TMPFILE, open(2)) that is removed
/// on return, so that nothing in the directory changes.
package enum SyncTrial {
    /// The result.
    package enum Outcome: Sendable, Hashable {
        /// The fastest and the slowest of several attempts.
        case took(fastest: Duration, slowest: Duration)
        /// The file system doesn't support files without names.
        case unknown
        /// The system's code, and whether it was the write or the sync that failed.
        case failed(code: Int32)
    }

    private static let rounds = 5
    private static let bytes = 4_096
    /// `__O_TMPFILE | O_DIRECTORY`; Swift's Glibc module has no name for it. The first bit is the same on x86-64 and arm64, where O_DIRECTORY
    /// differs.
    private static let temporaryFile: Int32 = 0o20_000_000 | O_DIRECTORY

    /// Blocks for as long as the disk does.
    package static func run(in directory: String) -> Outcome {
        let descriptor = open(directory, temporaryFile | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL ? .unknown : .failed(code: errno) }
        defer { close(descriptor) }
        let content = [UInt8](repeating: 0x2E, count: bytes)
        var times: [Duration] = []
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            let written = write(descriptor, content, content.count)
            guard written == content.count else { return .failed(code: written < 0 ? errno : ENOSPC) }
            guard fdatasync(descriptor) == 0 else { return .failed(code: errno) }
            times.append(.now - start)
        }
        return .took(fastest: times.min() ?? .zero, slowest: times.max() ?? .zero)
    }
}
