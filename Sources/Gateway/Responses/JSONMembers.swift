/// The strings and whole numbers among the members of one JSON object, nested values skipped. It reads leniently what HSS
/// answered: anything unexpected just ends the reading.
package struct JSONMembers {
    private enum Value {
        case string(String)
        case integer(Int64)
    }

    /// In their order; there are few, and a look for one is cheaper than a table of all.
    private var members: [(name: String, value: Value)] = []
    /// Longest text that is taken out, bytes: identifiers and codes are short.
    private static let maximumText = 256

    package init(_ bytes: some Sequence<UInt8>) {
        var reader = Reader(bytes: Array(bytes))
        guard reader.skip(to: UInt8(ascii: "{")) else { return }
        while let name = reader.member() {
            reader.skipBlanks()
            if let text = reader.string() {
                if text.utf8.count <= JSONMembers.maximumText { members.append((name, .string(text))) }
            } else if let number = reader.integer() {
                members.append((name, .integer(number)))
            } else {
                reader.skipValue()
            }
        }
    }

    package func string(_ name: String) -> String? {
        if case .string(let text) = value(of: name) { text } else { nil }
    }

    func integer(_ name: String) -> Int64? {
        if case .integer(let number) = value(of: name) { number } else { nil }
    }

    /// Of a name that stands there twice, the last.
    private func value(of name: String) -> Value? { members.last { $0.name == name }?.value }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipBlanks() {
            while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
        }

        mutating func skip(to byte: UInt8) -> Bool {
            skipBlanks()
            guard current == byte else { return false }
            position += 1
            return true
        }

        /// The next member's name, its colon behind it.
        mutating func member() -> String? {
            skipBlanks()
            if current == UInt8(ascii: ",") { position += 1 }
            skipBlanks()
            guard let name = string(), skip(to: UInt8(ascii: ":")) else { return nil }
            return name
        }

        mutating func string() -> String? {
            guard current == UInt8(ascii: "\"") else { return nil }
            let start = position + 1
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\") { end += 1 }
            guard end < bytes.count else { return nil }
            // Hardly any string has an escape.
            guard bytes[end] == UInt8(ascii: "\"") else { return escapedString(from: start) }
            position = end + 1
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }

        private mutating func escapedString(from start: Int) -> String? {
            var text: [UInt16] = []
            var run = start
            var index = start
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                guard bytes[index] == UInt8(ascii: "\\") else {
                    index += 1
                    continue
                }
                text += String(decoding: bytes[run..<index], as: UTF8.self).utf16
                guard let (unit, length) = escape(at: index + 1) else { return nil }
                text.append(unit)
                index += 1 + length
                run = index
            }
            guard index < bytes.count else { return nil }
            position = index + 1
            text += String(decoding: bytes[run..<index], as: UTF8.self).utf16
            return String(decoding: text, as: UTF16.self)
        }

        /// What stands behind a backslash, as a UTF-16 unit, and how many bytes it takes (RFC 8259 section 7).
        private func escape(at index: Int) -> (unit: UInt16, length: Int)? {
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case UInt8(ascii: "b"): return (0x08, 1)
            case UInt8(ascii: "f"): return (0x0C, 1)
            case UInt8(ascii: "n"): return (0x0A, 1)
            case UInt8(ascii: "r"): return (0x0D, 1)
            case UInt8(ascii: "t"): return (0x09, 1)
            case UInt8(ascii: "u"):
                guard index + 4 < bytes.count else { return nil }
                return UInt16(String(decoding: bytes[(index + 1)...(index + 4)], as: UTF8.self), radix: 16).map { ($0, 5) }
            default: return (UInt16(bytes[index]), 1)
            }
        }

        mutating func integer() -> Int64? {
            var index = position
            while index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] &- 0x30 < 10 { index += 1 }
            guard index > position, let number = Int64(String(decoding: bytes[position..<index], as: UTF8.self)) else { return nil }
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] | 0x20 == UInt8(ascii: "e") { return nil }
            position = index
            return number
        }

        /// Anything up to the comma or brace that ends it, brackets balanced, without recursion.
        mutating func skipValue() {
            var depth = 0
            while let byte = current {
                switch byte {
                case UInt8(ascii: "\""):
                    guard string() != nil else {
                        position = bytes.count
                        return
                    }
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return }
                    depth -= 1
                case UInt8(ascii: ",") where depth == 0:
                    return
                default:
                    break
                }
                position += 1
            }
        }
    }
}
