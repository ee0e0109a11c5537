import Audit
import Glibc

/// The file in the audit directory that contains a snapshot. It may be deleted at any time.
struct MemoryFile: Sendable {
    static let name = "memory"
    /// The largest snapshot that is read, bytes; what may be remembered is smaller.
    private static let lengthLimit = 256 << 20

    private let path: String

    init(directory: String) {
        path = "\(directory)/\(Self.name)"
    }

    /// Its content, or nil if it doesn't exist or can't be read.
    func load() -> String? {
        let descriptor = RegularFile.open(path, O_RDONLY | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, (0...Self.lengthLimit).contains(Int(status.st_size)) else { return "" }
        let length = Int(status.st_size)
        return String(unsafeUninitializedCapacity: length) { buffer in
            var count = 0
            while count < length {
                let step = read(descriptor, buffer.baseAddress.map { $0 + count }, length - count)
                guard step > 0 else { break }
                count += step
            }
            return count
        }
    }

    /// Writes a new file and renames it over the old one; returns the error code, or 0.
    func store(_ text: String) -> Int32 {
        let draft = path + ".new"
        let descriptor = RegularFile.open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
        guard descriptor >= 0 else { return errno }
        var text = text
        var code = text.withUTF8 { Self.write($0, to: descriptor) }
        if code == 0, fdatasync(descriptor) != 0 { code = errno }
        close(descriptor)
        if code == 0, rename(draft, path) != 0 { code = errno }
        if code != 0 { unlink(draft) }
        return code
    }

    private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let step = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { return step < 0 ? errno : ENOSPC }
            written += step
        }
        return 0
    }
}
