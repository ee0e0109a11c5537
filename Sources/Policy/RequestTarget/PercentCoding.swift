/// Percent-encoding (RFC 3986 section 2.1) in the only spelling that the signature allows (protocol page a.2
/// and a.3).
package enum PercentCoding {
    /// The byte of an escape, or nil when two hexadecimal digits don't follow the `%` at `index`.
    @inline(__always)
    static func decodedByte(in raw: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 2 < raw.count, let high = hexValue(raw[index + 1]), let low = hexValue(raw[index + 2]) else { return nil }
        return high << 4 | low
    }

    /// Any text with its escapes decoded; a malformed one stays as it is.
    package static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), let byte = decodedByte(in: bytes.span, at: index) {
                plain.append(byte)
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return plain
    }

    /// Writes a decoded byte in canonical spelling.
    @inline(__always)
    static func append(_ byte: UInt8, to text: inout [UInt8]) {
        if ByteSet.unreserved.contains(byte) {
            text.append(byte)
        } else {
            text.append(UInt8(ascii: "%"))
            text.append(hexDigit(byte >> 4))
            text.append(hexDigit(byte & 0x0F))
        }
    }

    /// The decoded text of canonical bytes.
    static func decoded(_ canonical: ArraySlice<UInt8>) -> String {
        guard canonical.contains(UInt8(ascii: "%")) else { return String(decoding: canonical, as: UTF8.self) }
        var reader = CanonicalReader(range: canonical.indices)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(canonical.count)
        while let byte = reader.next(in: canonical) {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @inline(__always)
    static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit &- UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit &- UInt8(ascii: "A") &+ 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit &- UInt8(ascii: "a") &+ 10
        default: nil
        }
    }

    @inline(__always)
    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "A") &+ (nibble &- 10)
    }
}
