import Files
internal import Glibc

/// Reads a file of another service that may be compressed; not used for the journal's segments.
package enum GzipFile {
    /// Why a file can't be read.
    package enum Fault: Error, Sendable, Hashable {
        /// With the system's code.
        case unreadable(code: Int32)
        case larger(limit: Int)
        case damaged
    }

    private static let piece = 1 << 20

    /// The content, decompressed if it begins like a gzip file, independent of its name (RFC 1952 section 2.3.1).
    /// - Parameter limit: maximum size of the content in bytes, so that a small file can't fill the memory.
    package static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(code: errno) }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else { throw .unreadable(code: kind == S_IFDIR ? EISDIR : RegularFile.notRegular) }
        var magic: (UInt8, UInt8) = (0, 0)
        let isCompressed = withUnsafeMutableBytes(of: &magic) { pread(descriptor, $0.baseAddress, 2, 0) } == 2 && magic == (0x1F, 0x8B)
        let inflater = isCompressed ? Inflater() : nil
        guard isCompressed == (inflater != nil) else { throw .unreadable(code: ENOMEM) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: piece)
        while true {
            let count = buffer.withUnsafeMutableBytes { buffer in
                inflater?.read(from: descriptor, into: buffer) ?? Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, inflater == nil, errno == EINTR { continue }
            guard count >= 0 else { throw inflater == nil ? .unreadable(code: errno) : .damaged }
            if count == 0 { return content }
            guard count <= limit - content.count else { throw .larger(limit: limit) }
            content += buffer[..<count]
        }
    }
}
