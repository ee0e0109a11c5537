import Audit

/// The content of JSON strings (RFC 8259 section 7).
enum JSONString {
    /// What a string's content means. A broken escape stands as it is: this reads what a journal or a cloud wrote, and judges neither.
    static func decode(_ bytes: some Collection<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        let content = Array(bytes)
        var units: [UInt16] = []
        var plain: [UInt8] = []
        var index = 0
        while index < content.count {
            guard content[index] == UInt8(ascii: "\\"), index + 1 < content.count else {
                plain.append(content[index])
                index += 1
                continue
            }
            units += String(decoding: plain, as: UTF8.self).utf16
            plain.removeAll(keepingCapacity: true)
            let (unit, length) = escape(content[(index + 1)...])
            units.append(unit)
            index += 1 + length
        }
        units += String(decoding: plain, as: UTF8.self).utf16
        return String(decoding: units, as: UTF16.self)
    }

    private static func escape(_ rest: ArraySlice<UInt8>) -> (unit: UInt16, length: Int) {
        switch rest.first {
        case UInt8(ascii: "b"): return (0x08, 1)
        case UInt8(ascii: "f"): return (0x0C, 1)
        case UInt8(ascii: "n"): return (0x0A, 1)
        case UInt8(ascii: "r"): return (0x0D, 1)
        case UInt8(ascii: "t"): return (0x09, 1)
        case UInt8(ascii: "u"):
            let digits = rest.dropFirst().prefix(4)
            guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else { return (0x75, 1) }
            return (unit, 5)
        default: return (UInt16(rest.first ?? 0x5C), 1)
        }
    }

    /// Appends a text with its quotation marks. Letters past ASCII go out as they are, so the text stays UTF-8; what an editor or a terminal would
    /// obey instead of showing it is escaped.
    static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in text.utf8 { append(byte, to: &out) }
        } else {
            for scalar in text.unicodeScalars {
                if scalar.value < 0x80 {
                    append(UInt8(truncatingIfNeeded: scalar.value), to: &out)
                } else if PrintableText.isHidden(scalar) {
                    for unit in String(scalar).utf16 { escape(unit, to: &out) }
                } else {
                    out += String(scalar).utf8
                }
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// An ASCII character, escaped where it has to be.
    private static func append(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): out += "\\n".utf8
        case UInt8(ascii: "\r"): out += "\\r".utf8
        case UInt8(ascii: "\t"): out += "\\t".utf8
        case 0..<0x20, 0x7F: escape(UInt16(byte), to: &out)
        default: out.append(byte)
        }
    }

    private static func escape(_ unit: UInt16, to out: inout [UInt8]) {
        out += "\\u".utf8
        for shift in [12, 8, 4, 0] as [UInt16] { out.append(hexadecimal[Int(unit >> shift & 15)]) }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
