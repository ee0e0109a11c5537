/// Eight hexadecimal digits in lower case as one word, the first in the lowest byte. Written and read all at once: digit by digit an identifier
/// took 500 instructions to write and 1,000 to read, and a record has four.
package struct HexadecimalDigits {
    /// The digits' characters.
    package let word: UInt64

    /// Makes it from characters, for reading.
    @inline(__always)
    package init(_ word: UInt64) { self.word = word }

    /// Writes a number. Its nibbles are spread over the bytes of a word, and those above nine are moved to the letters.
    @inline(__always)
    package init(of number: UInt32) {
        var nibbles = UInt64(number)
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (nibbles &+ Self.ones &* 6) >> 4 & Self.ones
        let letters = isLetter &* UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
        word = (nibbles &+ Self.ones &* UInt64(UInt8(ascii: "0")) &+ letters).byteSwapped
    }

    /// The number, or nil if one character is no digit. Reverses the steps of writing, and checks that writing the number gives the same characters.
    @inline(__always)
    package var number: UInt32? {
        // A letter has the bit 0x40 and its nibble counts from one.
        let isLetter = word >> 6 & Self.ones
        var nibbles = (word & (Self.ones &* 0x0F) &+ isLetter &* 9).byteSwapped
        nibbles = (nibbles | nibbles >> 4) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles >> 8) & 0x0000_FFFF_0000_FFFF
        let number = UInt32(truncatingIfNeeded: nibbles | nibbles >> 16)
        return HexadecimalDigits(of: number).word == word ? number : nil
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
}
