/// Frames of HTTP/2 as bytes.
enum HTTP2Bytes {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func frame(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        [UInt8(truncatingIfNeeded: payload.count >> 16), UInt8(truncatingIfNeeded: payload.count >> 8), UInt8(truncatingIfNeeded: payload.count)]
            + [kind, flags] + word(stream) + payload
    }

    static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    static func settings(_ entries: [(UInt16, UInt32)], flags: UInt8 = 0) -> [UInt8] {
        frame(4, flags: flags, entries.flatMap { [UInt8($0.0 >> 8), UInt8(truncatingIfNeeded: $0.0)] + word($0.1) })
    }

    static func data(_ bytes: [UInt8], stream: UInt32 = 1, flags: UInt8 = 0) -> [UInt8] { frame(0, flags: flags, stream: stream, bytes) }

    static func windowUpdate(_ count: UInt32, stream: UInt32 = 0) -> [UInt8] { frame(8, stream: stream, word(count)) }

    /// A field without indexing and without Huffman codes. Name and value are shorter than 127 bytes.
    static func literal(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    static func block(_ fields: [(String, String)]) -> [UInt8] { fields.flatMap { literal($0.0, $0.1) } }

    /// HEADERS with END_HEADERS.
    static func head(_ stream: UInt32, _ fields: [(String, String)], isLast: Bool = true) -> [UInt8] {
        frame(1, flags: isLast ? 5 : 4, stream: stream, block(fields))
    }

    static func request(_ stream: UInt32, isLast: Bool = true) -> [UInt8] {
        head(stream, [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")], isLast: isLast)
    }
}
