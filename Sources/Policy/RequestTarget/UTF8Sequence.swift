/// The rules of well-formed UTF-8 (RFC 3629 section 4): no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
    /// The length of a sequence with this first byte (above 0x7F); nil when no sequence begins with it.
    @inline(__always)
    static func length(lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// Whether the second byte may follow the first; from the third on any 0x80...0xBF may.
    @inline(__always)
    static func isSecond(_ byte: UInt8, after lead: UInt8) -> Bool {
        switch lead {
        case 0xE0: (0xA0...0xBF).contains(byte)
        case 0xED: (0x80...0x9F).contains(byte)
        case 0xF0: (0x90...0xBF).contains(byte)
        case 0xF4: (0x80...0x8F).contains(byte)
        default: isContinuation(byte)
        }
    }

    @inline(__always)
    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// The payload bits of a first byte.
    @inline(__always)
    static func leadBits(_ lead: UInt8, length: Int) -> UInt32 { UInt32(lead & (0x7F >> UInt8(length))) }
}
