import Codecs

/// The identifier of one exchange or event: a UUID version 7 (RFC 9562 section 5.7). The request record and the record that closes it share it.
package struct RecordID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first eight bytes, big-endian: 48 bits of Unix milliseconds, version 7, 12 bits.
    package let high: UInt64
    /// The last eight bytes, big-endian: variant `10`, 62 bits.
    package let low: UInt64

    /// Makes an identifier from its two halves, as read from a record.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: RecordID, right: RecordID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// The usual text form, 36 characters in lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var line = LineWriter(buffer)
            line.put(self)
            return line.count
        }
    }

    /// Reads the text form as this gateway writes it: 36 characters, lower case.
    package init?(_ text: String) {
        guard let id = text.utf8.span.withUnsafeBufferPointer({ RecordID(UnsafeRawBufferPointer($0)) }) else { return nil }
        self = id
    }

    /// Reads it from bytes. Used once for every record's line: digit by digit that took 1,000 instructions.
    init?(_ text: UnsafeRawBufferPointer) {
        guard text.count == 36 else { return nil }
        let dash = UInt8(ascii: "-")
        guard text[8] == dash, text[13] == dash, text[18] == dash, text[23] == dash else { return nil }
        func digits<Word: FixedWidthInteger>(at position: Int, as word: Word.Type) -> UInt64 {
            UInt64(Word(littleEndian: text.loadUnaligned(fromByteOffset: position, as: word)))
        }
        guard let first = HexadecimalDigits(digits(at: 0, as: UInt64.self)).number,
            let second = HexadecimalDigits(digits(at: 9, as: UInt32.self) | digits(at: 14, as: UInt32.self) << 32).number,
            let third = HexadecimalDigits(digits(at: 19, as: UInt32.self) | digits(at: 24, as: UInt32.self) << 32).number,
            let fourth = HexadecimalDigits(digits(at: 28, as: UInt64.self)).number
        else { return nil }
        self.init(high: UInt64(first) << 32 | UInt64(second), low: UInt64(third) << 32 | UInt64(fourth))
    }
}
