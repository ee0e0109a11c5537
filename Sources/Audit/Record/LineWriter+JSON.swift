import Codecs

/// Strings as JSON (RFC 8259 section 7), escaped more than JSON requires, so that one record is one line for every reader, safe on a terminal, and
/// has no invisible text: control characters and everything else that `PrintableText` calls hidden are written as `\uXXXX`. Swift strings are valid
/// Unicode, so no lone surrogate can occur.
extension LineWriter {
    /// The longest a string can become, including quotes and the comma after it: one byte turns into at most six (`\u001b`), and `null` may be
    /// written instead.
    @inline(__always)
    static func bound(of text: String) -> Int { text.utf8.count * 6 + 6 }

    /// Appends a quoted string. Nearly every one needs no escape: it is copied and checked at once.
    mutating func put(string text: String) {
        put(byte: UInt8(ascii: "\""))
        text.utf8.span.withUnsafeBufferPointer { bytes in
            if !put(unescaped: UnsafeRawBufferPointer(bytes)) { put(escaping: bytes) }
        }
        put(byte: UInt8(ascii: "\""))
    }

    /// Copies bytes if none of them may need an escape, eight at a time, because this loop reads every byte of every record. The rest is copied as
    /// the last eight, and a short string as its first and last four, so some bytes are copied twice. (SIMD masks would read better; the compiler
    /// makes loops over single lanes of them, which cost ten times as much.)
    /// - Returns: false if one may need an escape; what was copied doesn't count then.
    @inline(__always)
    private mutating func put(unescaped bytes: UnsafeRawBufferPointer) -> Bool {
        let (size, target) = (bytes.count, room(for: bytes.count))
        var suspects: UInt64 = 0
        if size >= 8 {
            var position = 0
            while position + 8 <= size {
                suspects |= Self.copy(UInt64.self, from: bytes, to: target, at: position)
                position += 8
            }
            if position < size { suspects |= Self.copy(UInt64.self, from: bytes, to: target, at: size - 8) }
        } else if size >= 4 {
            suspects |= Self.copy(UInt32.self, from: bytes, to: target, at: 0) | Self.copy(UInt32.self, from: bytes, to: target, at: size - 4)
        } else {
            for position in 0..<size { suspects |= Self.copy(UInt8.self, from: bytes, to: target, at: position) }
        }
        guard suspects & Self.tops == 0 else { return false }
        advance(by: size)
        return true
    }

    /// Copies a word.
    /// - Returns: `suspects` of it.
    @inline(__always)
    private static func copy<Word: FixedWidthInteger & BitwiseCopyable>(
        _: Word.Type, from bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, at position: Int
    ) -> UInt64 {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: Word.self)
        target.storeBytes(of: word, toByteOffset: position, as: Word.self)
        // Blanks in the bytes that a short word doesn't have.
        return suspects(UInt64(word) | (ones &* 0x20) & ~UInt64(Word.max))
    }

    /// Copies runs that need no escape as a whole.
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

    /// The first byte that may need an escape.
    private static func firstSuspect(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var position = start
        while position + 8 <= bytes.count, suspects(raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)) & tops == 0 { position += 8 }
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x7F { break }
            position += 1
        }
        return position
    }

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var tops: UInt64 { ones << 7 }

    /// Has the top bit of a byte set if one of eight bytes is a control character, a quote, a backslash, DEL or not ASCII. Each step leaves its
    /// match's top bit set: of ASCII, subtracting 32 does so below 32, subtracting one at zero, and adding one at DEL. A borrow or a carry may run on
    /// into the next byte, but only from a match, and only the existence of a match matters; what isn't ASCII has its top bit set from the start.
    @inline(__always)
    private static func suspects(_ word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        return word | (word &+ ones) | (word &- ones &* 0x20) | (quote &- ones) | (backslash &- ones)
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
