/// Lower-case hexadecimal, as digests and signatures are written.
package enum Hexadecimal {
    /// The 64 digits of a SHA-256. They are made in place and appended in one piece, since appending digit by digit costs a check of
    /// capacity each time.
    package static func digits(of digest: UnsafeRawBufferPointer) -> InlineArray<64, UInt8> {
        precondition(digest.count == 32, "a SHA-256 has 32 bytes")
        var digits = InlineArray<64, UInt8>(repeating: 0)
        for index in 0..<32 {
            digits[2 * index] = digit(digest[index] >> 4)
            digits[2 * index + 1] = digit(digest[index] & 0x0F)
        }
        return digits
    }

    /// The digit of a number below 16.
    @inline(__always)
    package static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
    }

    /// The number of a digit in either case; nil for any other character.
    @inline(__always)
    package static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit &- UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit &- UInt8(ascii: "A") &+ 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit &- UInt8(ascii: "a") &+ 10
        default: nil
        }
    }
}
