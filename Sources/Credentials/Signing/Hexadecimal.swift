/// Lower-case hexadecimal, as digests and signatures are written.
enum Hexadecimal {
    /// Appends two digits a byte. A lookup table would need a bounds check a digit; the arithmetic needs none.
    @inline(__always)
    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 0x0F))
        }
    }

    @inline(__always)
    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &+ (nibble &- 10)
    }
}
