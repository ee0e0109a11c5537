import Glibc

/// Reads a secret from its source and checks its form.
enum SecretReader {
    /// The largest secret, in bytes: the longest documented token has 32768, and a line break may follow it.
    static let maximumBytes = 32 * 1024 + 2

    static func read(_ source: SecretSource, as format: SecretFormat) throws(SecretFault) -> Secret {
        switch source {
        case .file(let path):
            return try readFile(path, as: format)
        case .environment(let name):
            guard let value = getenv(name) else { throw SecretFault(origin: source.origin, reason: .missing) }
            return try make(UnsafeRawBufferPointer(start: value, count: strlen(value)), origin: source.origin, as: format)
        case .value(let secret):
            if let reason = secret.withBytes({ format.fault(in: $0) }) { throw SecretFault(origin: .value, reason: reason) }
            return secret
        }
    }

    /// Reads a file that contains more than one secret, as a whole.
    static func readWhole(_ path: String) throws(SecretFault) -> Secret {
        try readFile(path) { bytes, _ throws(SecretFault) in Secret(copying: bytes) }
    }

    private static func readFile(_ path: String, as format: SecretFormat) throws(SecretFault) -> Secret {
        try readFile(path) { bytes, origin throws(SecretFault) in try make(bytes, origin: origin, as: format) }
    }

    private static func readFile(
        _ path: String, _ make: (UnsafeRawBufferPointer, SecretOrigin) throws(SecretFault) -> Secret
    ) throws(SecretFault) -> Secret {
        let origin = SecretOrigin.file(path: path)
        // Without O_NONBLOCK, a FIFO in the file's place would block the reader for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw SecretFault(origin: origin, reason: errno == ENOENT ? .missing : .unreadable(errorNumber: errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SecretFault(origin: origin, reason: .unreadable(errorNumber: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SecretFault(origin: origin, reason: .notAFile) }
        guard status.st_mode & S_IWOTH == 0 else { throw SecretFault(origin: origin, reason: .openToAll) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: maximumBytes + 1, alignment: 1)
        defer {
            SecretMemory.erase(buffer)
            buffer.deallocate()
        }
        let count = try fill(buffer, from: descriptor, origin: origin)
        guard count <= maximumBytes else { throw SecretFault(origin: origin, reason: .tooLarge(limit: maximumBytes)) }
        return try make(UnsafeRawBufferPointer(rebasing: buffer[..<count]), origin)
    }

    /// Reads until the end or until the buffer is full; each iteration reads at least one byte, so there are at most as many iterations as bytes.
    private static func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, origin: SecretOrigin) throws(SecretFault)
        -> Int
    {
        var count = 0
        while count < buffer.count {
            let free = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let gained = Glibc.read(descriptor, free.baseAddress, free.count)
            if gained == 0 { break }
            guard gained > 0 else {
                if errno == EINTR { continue }
                throw SecretFault(origin: origin, reason: .unreadable(errorNumber: errno))
            }
            count += gained
        }
        return count
    }

    /// Removes one line break at the end, which editors and `echo` add, and checks the rest.
    private static func make(_ bytes: UnsafeRawBufferPointer, origin: SecretOrigin, as format: SecretFormat) throws(SecretFault) -> Secret {
        var end = bytes.count
        if end > 0, bytes[end - 1] == UInt8(ascii: "\n") {
            end -= 1
            if end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        }
        let secret = Secret(copying: UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        if let reason = secret.withBytes({ format.fault(in: $0) }) { throw SecretFault(origin: origin, reason: reason) }
        return secret
    }
}
