import Files
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

    /// Writes a new file and renames it over the old one, or throws the system's error.
    func store(_ text: String) throws(ErrorCode) {
        let draft = try FileDraft(of: path, owner: .directory)
        try draft.write(text)
        try draft.takePlace(.content)
    }
}
