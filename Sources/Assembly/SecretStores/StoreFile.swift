import CLinux
import Glibc

/// A secret of a store as a file in memory that has no name anywhere: whoever reads secrets from files reads it under `/proc/self/fd`.
///
/// 1. Its content is replaced as a whole: another file is made and takes over the descriptor's number in one step (dup3(2)), so that a reader has the
///    old content or the new one, and a look at the path tells them apart.
/// 2. It goes with the process. No disk ever holds it.
final class StoreFile: Sendable {
    private let descriptor: Int32

    /// Nil when the system has no memory or no descriptor for it.
    init?() {
        guard let descriptor = Self.make([]) else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    var path: String { "\(Self.folder)\(descriptor)" }

    /// Where such files are.
    static let folder = "/proc/self/fd/"

    /// False when the system has no memory or no descriptor for it; then the old content stays.
    func replace(with content: [UInt8]) -> Bool {
        guard let fresh = Self.make(content) else { return false }
        defer { close(fresh) }
        return clinux_replace_descriptor(fresh, descriptor) >= 0
    }

    private static func make(_ content: [UInt8]) -> Int32? {
        let descriptor = clinux_memfd("hss-gateway-secret")
        guard descriptor >= 0 else { return nil }
        let isWritten = content.isEmpty || write(descriptor, content, content.count) == content.count
        guard isWritten, fchmod(descriptor, 0o600) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
