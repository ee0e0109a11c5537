/// What the inside of a JSON string says (RFC 8259 section 7).
enum JSONUnescaping {
    static func text(_ content: ArraySlice<UInt8>) -> String {
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        var units: [UInt16] = []
        var index = content.startIndex
        while let backslash = content[index...].firstIndex(of: UInt8(ascii: "\\")) {
            units += String(decoding: content[index..<backslash], as: UTF8.self).utf16
            let (unit, length) = escape(content[(backslash + 1)...])
            units.append(unit)
            index = min(backslash + 1 + length, content.endIndex)
        }
        units += String(decoding: content[index...], as: UTF8.self).utf16
        return String(decoding: units, as: UTF16.self)
    }

    /// What stands behind a backslash, as a UTF-16 unit, and how many bytes it takes.
    private static func escape(_ rest: ArraySlice<UInt8>) -> (unit: UInt16, length: Int) {
        switch rest.first {
        case UInt8(ascii: "b"): return (0x08, 1)
        case UInt8(ascii: "f"): return (0x0C, 1)
        case UInt8(ascii: "n"): return (0x0A, 1)
        case UInt8(ascii: "r"): return (0x0D, 1)
        case UInt8(ascii: "t"): return (0x09, 1)
        case UInt8(ascii: "u"): return (UInt16(String(decoding: rest.dropFirst().prefix(4), as: UTF8.self), radix: 16) ?? 0xFFFD, 5)
        case let letter?: return (UInt16(letter), 1)
        case nil: return (0xFFFD, 0)
        }
    }
}
