/// A parameter's name reduced to what lenient servers compare: ASCII letters and digits, in lower case.
package struct FoldedName {
    package private(set) var bytes: [UInt8] = []

    /// Folds decoded UTF-8. Non-ASCII letters that case mapping or full-width folding turns into ASCII ones count as those.
    package init(_ decoded: some Sequence<UInt8>) {
        var iterator = decoded.makeIterator()
        while let byte = iterator.next() {
            if byte < 0x80 {
                append(ascii: byte)
            } else {
                append(scalarWithLead: byte, rest: &iterator)
            }
        }
    }

    func contains(_ needle: [UInt8]) -> Bool {
        guard bytes.count >= needle.count else { return false }
        for start in 0...(bytes.count - needle.count) where bytes[start...].starts(with: needle) {
            return true
        }
        return false
    }

    func hasPrefix(_ prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { bytes.starts(with: $0) }
    }

    static func == (name: FoldedName, text: StaticString) -> Bool {
        text.withUTF8Buffer { name.bytes.elementsEqual($0) }
    }

    private mutating func append(ascii byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): bytes.append(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
        default: break
        }
    }

    private mutating func append(scalarWithLead lead: UInt8, rest: inout some IteratorProtocol<UInt8>) {
        guard let length = UTF8Sequence.length(lead: lead) else { return }
        var value = UTF8Sequence.leadBits(lead, length: length)
        for _ in 1..<length {
            guard let byte = rest.next() else { return }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        switch value {
        case 0x0130, 0x0131: bytes.append(UInt8(ascii: "i"))  // İ and ı: Turkish case mapping turns them into an i
        case 0x017F: bytes.append(UInt8(ascii: "s"))  // ſ: its upper case is S
        case 0x212A: bytes.append(UInt8(ascii: "k"))  // the Kelvin sign: its lower case is k
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: append(ascii: UInt8(truncatingIfNeeded: value - 0xFEE0))
        default: break
        }
    }
}
