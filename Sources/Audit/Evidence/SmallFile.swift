import Files
internal import Glibc

/// Small files that are read and replaced as a whole.
enum SmallFile {
    /// A longer file was not written by the gateway. An anchor's file grows, and is read with its own limit.
    static let lengthLimit = 1 << 20

    /// The content, or the error's code.
    static func read(_ path: String, limit: Int = lengthLimit) -> Result<String, ErrorCode> {
        let descriptor = RegularFile.open(path, O_RDONLY)
        guard descriptor >= 0 else { return .failure(ErrorCode(errno)) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while content.count < limit {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(ErrorCode(errno)) }
            if count == 0 { return .success(String(decoding: content, as: UTF8.self)) }
            content += block[..<count]
        }
        return .failure(ErrorCode(EFBIG))
    }

    /// Replaces a file: writes a draft, then renames it, so that a reader sees the old or the new content.
    static func replace(_ path: String, _ content: String, mode: mode_t = 0o600, isDurable: Bool) -> ErrorCode? {
        do throws(ErrorCode) {
            let draft = try FileDraft(of: path, owner: .directory, mode: mode)
            try draft.write(content)
            try draft.takePlace(isDurable ? .contentAndName : .nothing)
            return nil
        } catch {
            return error
        }
    }
}
