import Codecs
internal import Glibc

/// Small files that are read and replaced as a whole.
enum SmallFile {
    /// A longer file was not written by the gateway. An anchor's file grows, and is read with its own limit.
    static let lengthLimit = 1 << 20

    /// The suffix of a new file before it is renamed.
    static let draftSuffix = ".new"

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
        let draft = path + draftSuffix
        // One that an earlier run left, or that somebody else has put there for root to give away.
        unlink(draft)
        let descriptor = RegularFile.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
        guard descriptor >= 0 else { return ErrorCode(errno) }
        fchmod(descriptor, mode)
        FileOwner.inherit(descriptor, from: PathText.parent(of: path))
        var failure = write(content, to: descriptor)
        if failure == nil, isDurable, fdatasync(descriptor) != 0 { failure = ErrorCode(errno) }
        close(descriptor)
        if failure == nil, rename(draft, path) != 0 { failure = ErrorCode(errno) }
        if failure != nil { unlink(draft) }
        return failure ?? (isDurable ? syncDirectory(of: path) : nil)
    }

    /// Writes a whole text.
    static func write(_ content: String, to descriptor: Int32) -> ErrorCode? {
        var content = content
        return content.withUTF8 { RegularFile.write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Syncs the directory of a path, so that new names in it are durable.
    static func syncDirectory(of path: String) -> ErrorCode? {
        let descriptor = open(PathText.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return ErrorCode(errno) }
        defer { close(descriptor) }
        return fsync(descriptor) == 0 ? nil : ErrorCode(errno)
    }
}

/// The system's `errno`.
struct ErrorCode: Error, Hashable {
    let code: Int32

    init(_ code: Int32) {
        self.code = code
    }

    /// The system's text for it.
    var text: String { RegularFile.reason(code) }
}
