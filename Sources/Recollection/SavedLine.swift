/// A few texts on one line of the snapshot, separated by tabs.
package struct SavedLine: Sendable, Hashable {
    package var fields: [String]

    package init(_ fields: [String]) { self.fields = fields }

    /// Reads a line; nil if it contains an unknown escape.
    init?(decoding text: Substring) {
        fields = []
        for part in text.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false) {
            guard let field = Self.unescaped(part) else { return nil }
            fields.append(field)
        }
    }

    /// Contains no line end, whatever the fields contain.
    var encoded: String {
        fields.map(Self.escaped).joined(separator: "\t")
    }

    private static func escaped(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x5C }) else { return field }
        var bytes: [UInt8] = []
        for byte in field.utf8 {
            switch byte {
            case 0x09: bytes += [0x5C, UInt8(ascii: "t")]
            case 0x0A: bytes += [0x5C, UInt8(ascii: "n")]
            case 0x5C: bytes += [0x5C, 0x5C]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ field: Substring.UTF8View) -> String? {
        guard field.contains(0x5C) else { return String(Substring(field)) }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in field {
            guard isEscaped else {
                if byte == 0x5C { isEscaped = true } else { bytes.append(byte) }
                continue
            }
            isEscaped = false
            switch byte {
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case 0x5C: bytes.append(0x5C)
            default: return nil
            }
        }
        return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
