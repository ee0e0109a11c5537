import CLinux
import Glibc

/// A secret of a store as a file in memory without a name: code that reads secrets from files reads it under `/proc/self/fd`.
///
/// 1. Its content is replaced as a whole: another file is created and takes over the descriptor's number in one step (dup3(2)), so that a
///    reader gets the old content or the new one, and stat(2) of the path distinguishes them.
/// 2. It disappears with the process and is never on a disk.
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
