package import PostgreSQL

/// A row of the answer of one of the fleet's functions.
package typealias Row = PostgreSQLRow

/// Types of the fleet's functions besides texts and numbers.
extension PostgreSQLRow {
    /// Several texts that the statement joined with newlines.
    package func lines(_ column: Int) -> [String]? { text(column).map { $0.split(separator: "\n").map(String.init) } }

    /// A bytea as PostgreSQL writes it: `\x` and hexadecimal digits.
    package func bytea(_ column: Int) -> [UInt8]? {
        guard let text = text(column), text.hasPrefix("\\x") else { return nil }
        return [UInt8](hexadecimal: text.dropFirst(2))
    }
}

extension [UInt8] {
    /// Reads pairs of hexadecimal digits.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = Array<UInt8>(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        self = []
        reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            append(high << 4 | low)
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Pairs of hexadecimal digits.
    package var hexadecimal: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// As PostgreSQL reads a bytea.
    var bytea: String { "\\x" + hexadecimal }
}
