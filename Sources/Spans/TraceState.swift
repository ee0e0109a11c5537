/// The field `tracestate`: what vendors add to a trace, passed on and never read.
package struct TraceState: Sendable, Hashable {
    package let text: String

    private static let mostMembers = 32
    /// The length that must at least be passed on (section 3.3.1.5); longer values are dropped completely, which is allowed.
    private static let longest = 512

    /// Nil if it is malformed: it is then dropped, and the trace continues.
    package init?(_ values: [String]) {
        let text = values.joined(separator: ",")
        guard !text.isEmpty, text.utf8.count <= Self.longest else { return nil }
        var keys: Set<Substring> = []
        var members: [Substring] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let member = Self.trimmed(part)
            if member.isEmpty { continue }
            guard let equals = member.firstIndex(of: "="), Self.isKey(member[..<equals]), Self.isValue(member[member.index(after: equals)...]),
                keys.insert(member[..<equals]).inserted
            else { return nil }
            members.append(member)
        }
        guard (1...Self.mostMembers).contains(members.count) else { return nil }
        self.text = members.joined(separator: ",")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
        return text
    }

    /// `simple-key`, or `tenant@system` (section 3.3.1.3.1).
    private static func isKey(_ key: Substring) -> Bool {
        let parts = key.split(separator: "@", omittingEmptySubsequences: false)
        func isPart(_ part: Substring, mayBeginWithDigit: Bool, longest: Int) -> Bool {
            guard let first = part.utf8.first, part.utf8.count <= longest else { return false }
            let begins = isLetter(first) || mayBeginWithDigit && isDigit(first)
            return begins && part.utf8.allSatisfy { isLetter($0) || isDigit($0) || "_-*/".utf8.contains($0) }
        }
        if parts.count == 1 { return isPart(parts[0], mayBeginWithDigit: false, longest: 256) }
        return parts.count == 2 && isPart(parts[0], mayBeginWithDigit: true, longest: 241) && isPart(parts[1], mayBeginWithDigit: false, longest: 14)
    }

    private static func isValue(_ value: Substring) -> Bool {
        (1...256).contains(value.utf8.count) && value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
