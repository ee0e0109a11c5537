internal import Crypto
import Files
internal import Glibc

/// Copies whole files: writes a draft, syncs it and then renames it, with mode 0600.
enum FileCopy {
    private static let block = 256 << 10

    /// Copies a file, or its first bytes; returns the digest of the copied bytes.
    /// - Parameter inheritsOwner: whether a copy that root makes belongs to the owner of its directory. A backup's don't: keys are among them.
    static func copy(_ source: String, to target: String, length: Int? = nil, inheritsOwner: Bool = false) -> Result<SHA256Hash, ErrorCode> {
        let from = RegularFile.open(source, O_RDONLY)
        guard from >= 0 else { return .failure(ErrorCode(errno)) }
        defer { close(from) }
        do throws(ErrorCode) {
            let draft = try FileDraft(of: target, owner: inheritsOwner ? .directory : .process)
            let to = draft.descriptor
            let digest = try read(from, upTo: length ?? .max) { RegularFile.write($0, to: to) }.get()
            try draft.takePlace(.content)
            return .success(digest)
        } catch {
            return .failure(error)
        }
    }

    /// The digest of a file.
    static func digest(_ path: String) -> Result<SHA256Hash, ErrorCode> {
        let file = RegularFile.open(path, O_RDONLY)
        guard file >= 0 else { return .failure(ErrorCode(errno)) }
        defer { close(file) }
        return read(file, upTo: .max) { _ in nil }
    }

    /// Reads a file and digests it, piece by piece.
    private static func read(_ file: Int32, upTo length: Int, _ body: (UnsafeRawBufferPointer) -> ErrorCode?) -> Result<SHA256Hash, ErrorCode> {
        var digest = SHA256()
        var buffer = [UInt8](repeating: 0, count: block)
        var left = length
        while left > 0 {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, min($0.count, left)) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(ErrorCode(errno)) }
            if count == 0 { break }
            left -= count
            let failure = buffer.withUnsafeBytes { bytes in
                let piece = UnsafeRawBufferPointer(rebasing: bytes[..<count])
                digest.update(bufferPointer: piece)
                return body(piece)
            }
            if let failure { return .failure(failure) }
        }
        // A file that is shorter than expected was truncated meanwhile.
        guard length == .max || left == 0 else { return .failure(ErrorCode(ENODATA)) }
        return SHA256Hash(digest.finalize()).map(Result.success) ?? .failure(ErrorCode(EIO))
    }

    /// The length of a file's complete lines.
    static func wholeLines(_ path: String) -> Result<Int, ErrorCode> {
        let file = RegularFile.open(path, O_RDONLY)
        guard file >= 0 else { return .failure(ErrorCode(errno)) }
        defer { close(file) }
        var end = lseek(file, 0, SEEK_END)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while end > 0 {
            let start = max(0, end - off_t(buffer.count))
            let count = pread(file, &buffer, Int(end - start), start)
            guard count == Int(end - start) else { return .failure(ErrorCode(count < 0 ? errno : ENODATA)) }
            if let newline = buffer[..<count].lastIndex(of: UInt8(ascii: "\n")) { return .success(Int(start) + newline + 1) }
            end = start
        }
        return .success(0)
    }
}
