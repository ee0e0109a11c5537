internal import CZlib
import Crypto

/// One file of the console: its content, also compressed with gzip, and its entity tag.
struct ConsoleFile: Sendable {
    let type: String
    let content: [UInt8]
    /// In the gzip format (RFC 1952); nil when zlib has no memory for it or it would not be smaller.
    let compressed: [UInt8]?
    /// A strong entity tag of the content, quoted: a digest, so that a new build with the same file keeps it.
    let tag: String
    /// The tag of the compressed form. The bytes differ, so the tag must.
    let compressedTag: String

    init(_ content: [UInt8], type: String) {
        self.type = type
        self.content = content
        compressed = ConsoleFile.gzip(content)
        let digest = SHA256.hash(data: content).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        tag = "\"\(digest)\""
        compressedTag = "\"\(digest)-gzip\""
    }

    /// zlib's best compression: it is done once, at the first request.
    private static let level: Int32 = 9
    /// Identification, the method deflate, no flags, no time, the slowest level, Unix.
    private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3]

    private static func gzip(_ content: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard let length = UInt32(exactly: content.count), czlib_deflate_raw_init(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var body = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(length))))
        let room = body.count
        let (result, check) = content.withUnsafeBufferPointer { input in
            body.withUnsafeMutableBufferPointer { output in
                // zlib reads the input and writes nothing there; neither pointer is kept after `deflate`.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = length
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: room)
                return (deflate(&stream, Z_FINISH), UInt32(truncatingIfNeeded: crc32(0, input.baseAddress, length)))
            }
        }
        guard result == Z_STREAM_END else { return nil }
        body.removeLast(Int(stream.avail_out))
        let trailer = [check, length].flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
        let whole = header + body + trailer
        return whole.count < content.count ? whole : nil
    }
}
