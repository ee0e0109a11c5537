/// Which part of a file an answer is: the value of `Content-Range` for bytes (RFC 9110 section 14.4), `bytes 0-9/100`.
package struct ContentRange: Sendable, Hashable {
    package let part: Range<Int64>
    /// The length of the whole file; nil if the sender doesn't say it.
    package let whole: Int64?

    /// Reads a value; nil if it is none, or one that names no bytes.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let sides = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        let ends = sides[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last else { return nil }
        let whole = sides[1] == "*" ? nil : Self.number(sides[1])
        guard sides[1] == "*" || last < whole ?? 0 else { return nil }
        // Bounded: a number has 18 digits at most.
        part = first..<last + 1
        self.whole = whole
    }

    /// As it is written in a record.
    package var text: String { "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(whole.map(String.init) ?? "*")" }

    private static func number(_ digits: Substring) -> Int64? {
        guard (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(digits)
    }
}
