/// The content of JSON strings (RFC 8259 section 7).
package enum JSONString {
    /// Decodes a string's content leniently, for texts of a journal or of the cloud: an invalid escape is kept as its letter, half a surrogate pair
    /// becomes U+FFFD.
    package static func decode(_ content: some Collection<UInt8>) -> String {
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        let plain = Array(content).withUnsafeBytes { unescape($0, isStrict: false) }
        return String(decoding: plain ?? [], as: UTF8.self)
    }

    /// The decoded content of a string in UTF-8; nil if an escape is invalid. Leaves no copy in memory.
    package static func unescaped(_ content: UnsafeRawBufferPointer) -> [UInt8]? { unescape(content, isStrict: true) }

    private static func unescape(_ content: UnsafeRawBufferPointer, isStrict: Bool) -> [UInt8]? {
        var plain: [UInt8] = []
        // A decoded escape is never longer than the escape, so the array doesn't grow.
        plain.reserveCapacity(content.count)
        var index = 0
        while index < content.count {
            if content[index] != UInt8(ascii: "\\") {
                plain.append(content[index])
                index += 1
            } else if let (scalar, length) = escape(content, at: index) {
                plain.append(contentsOf: Character(scalar).utf8)
                index += length
            } else if isStrict {
                return nil
            } else if unit(content, at: index) != nil {
                plain.append(contentsOf: "\u{FFFD}".utf8)
                index += 6
            } else {
                plain.append(index + 1 < content.count ? content[index + 1] : UInt8(ascii: "\\"))
                index += 2
            }
        }
        return plain
    }

    /// The character that an escape stands for, and its length in bytes; two escapes for a character above U+FFFF.
    private static func escape(_ content: UnsafeRawBufferPointer, at backslash: Int) -> (Unicode.Scalar, Int)? {
        guard backslash + 1 < content.count else { return nil }
        switch content[backslash + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return (Unicode.Scalar(content[backslash + 1]), 2)
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        default: break
        }
        guard let first = unit(content, at: backslash) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        guard first < 0xDC00, let second = unit(content, at: backslash + 6), (0xDC00...0xDFFF).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10 | UInt32(second - 0xDC00))).map { ($0, 12) }
    }

    /// The UTF-16 unit of `\uXXXX`.
    private static func unit(_ content: UnsafeRawBufferPointer, at backslash: Int) -> UInt16? {
        guard backslash + 6 <= content.count, content[backslash] == UInt8(ascii: "\\"), content[backslash + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for index in backslash + 2..<backslash + 6 {
            guard let digit = Hexadecimal.value(content[index]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Appends a text with its quotation marks. Characters above ASCII are written unchanged as UTF-8; those that an editor or a terminal would
    /// interpret instead of displaying are escaped.
    package static func append(_ text: String, to out: inout [UInt8]) {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return append(utf8: text.utf8, to: &out) }
        out.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                append(UInt8(truncatingIfNeeded: scalar.value), to: &out)
            } else if PrintableText.isHidden(scalar) {
                for unit in String(scalar).utf16 { escape(unit, to: &out) }
            } else {
                out += String(scalar).utf8
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Appends the bytes of a text with its quotation marks, and escapes only what JSON requires.
    package static func append(utf8 bytes: some Sequence<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in bytes { append(byte, to: &out) }
        out.append(UInt8(ascii: "\""))
    }

    /// A text with its quotation marks.
    package static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 2)
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A byte of a text, escaped where it has to be.
    private static func append(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            out.append(UInt8(ascii: "\\"))
            out.append(byte)
        case UInt8(ascii: "\n"): out += "\\n".utf8
        case UInt8(ascii: "\r"): out += "\\r".utf8
        case UInt8(ascii: "\t"): out += "\\t".utf8
        case 0..<0x20, 0x7F: escape(UInt16(byte), to: &out)
        default: out.append(byte)
        }
    }

    private static func escape(_ unit: UInt16, to out: inout [UInt8]) {
        out += "\\u".utf8
        for shift in [12, 8, 4, 0] as [UInt16] { out.append(Hexadecimal.digit(UInt8(truncatingIfNeeded: unit >> shift & 15))) }
    }
}
