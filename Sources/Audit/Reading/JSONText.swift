/// A JSON string's bytes, quotes included, as text.
enum JSONText {
    /// Resolves the escapes; nothing when it isn't one whole string.
    static func decode(_ quoted: UnsafeRawBufferPointer) -> String? {
        guard quoted.count >= 2, quoted.first == UInt8(ascii: "\""), quoted.last == UInt8(ascii: "\"") else { return nil }
        let content = quoted.dropFirst().dropLast()
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        var units: [UInt16] = []
        var text = ""
        var index = content.startIndex
        var run = index
        func flush(upTo end: Int) {
            if !units.isEmpty { text += String(decoding: units, as: UTF16.self) }
            units.removeAll()
            text += String(decoding: content[run..<end], as: UTF8.self)
        }
        while index < content.endIndex {
            guard content[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            if run < index { flush(upTo: index) }
            guard let (unit, length) = escape(content[index...]) else { return nil }
            units.append(unit)
            index += length
            run = index
        }
        flush(upTo: index)
        return text
    }

    /// The code unit that an escape stands for, and how long it is.
    private static func escape(_ bytes: Slice<UnsafeRawBufferPointer>) -> (UInt16, Int)? {
        guard bytes.count >= 2 else { return nil }
        switch bytes[bytes.startIndex + 1] {
        case UInt8(ascii: "b"): return (0x08, 2)
        case UInt8(ascii: "t"): return (0x09, 2)
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "f"): return (0x0C, 2)
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "u"):
            guard bytes.count >= 6 else { return nil }
            let digits = String(decoding: bytes[(bytes.startIndex + 2)..<(bytes.startIndex + 6)], as: UTF8.self)
            return UInt16(digits, radix: 16).map { ($0, 6) }
        case let byte: return byte == 0x22 || byte == 0x2F || byte == 0x5C ? (UInt16(byte), 2) : nil
        }
    }
}
