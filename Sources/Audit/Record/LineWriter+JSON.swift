import Codecs

/// Strings as JSON (RFC 8259 section 7), escaped more than JSON requires, so that one record is one line for every reader, safe on a terminal, and
/// has no invisible text: control characters and everything else that `PrintableText` calls hidden are written as `\uXXXX`. Swift strings are valid
/// Unicode, so no lone surrogate can occur.
extension LineWriter {
    /// The longest a string can become, including quotes and the comma after it: one byte turns into at most six (`\u001b`), and `null` may be
    /// written instead.
    @inline(__always)
    static func bound(of text: String) -> Int { text.utf8.count * 6 + 6 }

    /// Appends a quoted string.
    mutating func put(string text: String) {
        put(byte: UInt8(ascii: "\""))
        text.utf8.span.withUnsafeBufferPointer { put(escaping: $0) }
        put(byte: UInt8(ascii: "\""))
    }

    /// Copies runs that need no escape as a whole; nearly every string is one such run.
    private mutating func put(escaping bytes: UnsafeBufferPointer<UInt8>) {
        var run = 0
        var position = 0
        while true {
            position = Self.firstSuspect(in: bytes, from: position)
            guard position < bytes.count else { break }
            let (character, length) = Self.scalarToEscape(bytes, at: position)
            if let character {
                put(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[run..<position]))
                putEscape(character)
                run = position + length
            }
            position += length
        }
        put(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[run..<bytes.count]))
    }

    /// The first byte that may need an escape. Eight at a time, because this loop reads every byte of every record; the rest is checked as the last
    /// eight, and a short string as its first and last four, so some bytes are checked twice. (SIMD masks would read better; the compiler makes loops
    /// over single lanes of them, which cost ten times as much.)
    private static func firstSuspect(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        let raw = UnsafeRawBufferPointer(bytes)
        if (4..<8).contains(bytes.count) {
            let halves = (raw.loadUnaligned(as: UInt32.self), raw.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self))
            if !hasSuspect(UInt64(halves.0) | UInt64(halves.1) << 32) { return bytes.count }
        }
        while position + 8 <= bytes.count, !hasSuspect(raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)) {
            position += 8
        }
        if position + 8 > bytes.count, bytes.count >= 8,
            !hasSuspect(raw.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
        {
            return bytes.count
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x7F { break }
            position += 1
        }
        return position
    }

    /// Whether one of eight bytes is a control character, a quote, a backslash, DEL or not ASCII. Each step leaves its match's top bit set: of ASCII,
    /// subtracting 32 does so below 32, subtracting one at zero, and adding one at DEL. A borrow or a carry may run on into the next byte, but only
    /// from a match, and only the existence of a match matters; what isn't ASCII has its top bit set from the start.
    @inline(__always)
    private static func hasSuspect(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones << 7
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        return (word | (word &+ ones) | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)) & tops != 0
    }

    /// The scalar at a suspect byte, if it has to be escaped, and its length in bytes.
    private static func scalarToEscape(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (Unicode.Scalar?, Int) {
        let byte = bytes[position]
        guard byte >= 0x80 else { return (Unicode.Scalar(byte), 1) }
        // The length is in the first byte: the bytes are those of a string, which is valid UTF-8.
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var value = UInt32(byte & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07))
        // Bounded: at most 21 bits of four bytes.
        for next in bytes[(position + 1)..<(position + length)] { value = value << 6 | UInt32(next & 0x3F) }
        guard let scalar = Unicode.Scalar(value), PrintableText.isHidden(scalar) else { return (nil, length) }
        return (scalar, length)
    }

    private mutating func putEscape(_ scalar: Unicode.Scalar) {
        for unit in scalar.utf16 { putEscape(unit: unit) }
    }

    private mutating func putEscape(unit: UInt16) {
        put(byte: UInt8(ascii: "\\"))
        switch unit {
        case 0x22, 0x5C: put(byte: UInt8(unit))
        case 0x08: put(byte: UInt8(ascii: "b"))
        case 0x09: put(byte: UInt8(ascii: "t"))
        case 0x0A: put(byte: UInt8(ascii: "n"))
        case 0x0C: put(byte: UInt8(ascii: "f"))
        case 0x0D: put(byte: UInt8(ascii: "r"))
        default:
            put(byte: UInt8(ascii: "u"))
            for shift in [12, 8, 4, 0] as [UInt16] {
                put(byte: Self.hexadecimal(UInt8(truncatingIfNeeded: unit >> shift) & 0xF))
            }
        }
    }
}
