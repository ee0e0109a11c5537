/// Lower-case hexadecimal, as digests and signatures are written.
enum Hexadecimal {
    /// The 64 digits of a SHA-256. They are made in place and appended in one piece, since appending digit by digit costs a check of
    /// capacity each time.
    static func digits(of digest: UnsafeRawBufferPointer) -> InlineArray<64, UInt8> {
        precondition(digest.count == 32, "a SHA-256 has 32 bytes")
        var digits = InlineArray<64, UInt8>(repeating: 0)
        for index in 0..<32 {
            digits[2 * index] = digit(digest[index] >> 4)
            digits[2 * index + 1] = digit(digest[index] & 0x0F)
        }
        return digits
    }

    @inline(__always)
    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
    }
}
