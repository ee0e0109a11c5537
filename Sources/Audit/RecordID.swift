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
    package init?(_ text: some Collection<UInt8>) {
        guard text.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for (position, byte) in text.enumerated() {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let nibble = Self.nibble(byte) else { return nil }
            if position < 18 {
                halves.0 = halves.0 << 4 | nibble
            } else {
                halves.1 = halves.1 << 4 | nibble
            }
        }
        self.init(high: halves.0, low: halves.1)
    }

    private static func nibble(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
