/// A pattern over operation names: letters and digits, `*` for any run of characters, `?` for one.
package struct OperationPattern: Sendable, Hashable, CustomStringConvertible {
    /// Longer than any operation name.
    static let longest = 128

    package let text: String

    package init?(text: String) {
        let letters = text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        guard (1...Self.longest).contains(text.utf8.count), letters else { return nil }
        self.text = text
    }

    package var description: String { text }

    /// The part before the first wildcard.
    var literalPrefix: String {
        String(text.prefix { $0 != "*" && $0 != "?" })
    }

    /// Whether a name matches. Linear in practice, because matching only backtracks to the last `*`.
    package func matches(_ name: String) -> Bool {
        let pattern = Array(text.utf8)
        let name = Array(name.utf8)
        var (at, position) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while position < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (at, position)
                at += 1
            } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") || pattern[at] == name[position] {
                at += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                at = last.pattern + 1
                position = last.name + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
