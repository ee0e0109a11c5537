/// The name of a segment, `journal-<number of its first record, 20 digits>.jsonl`, with `.gz` appended once it is compressed.
package struct SegmentName: Sendable, Hashable {
    /// The suffix of a compressed segment's name.
    static let compressedSuffix = ".gz"
    private static let plainLength = 34
    /// The prefix for a foreign file that had the name of a new segment or of the one being written.
    static let displacedPrefix = "displaced-"
    /// The prefix for the copy of a torn end with complete lines.
    static let tornPrefix = "torn-"

    /// The number of the segment's first record.
    package let first: UInt64
    /// The file's name.
    package let text: String

    /// Whether the segment is compressed. A compressed segment is never written again.
    package var isCompressed: Bool { text.utf8.count > Self.plainLength }

    /// The segment's name once it is compressed.
    package var compressed: SegmentName { isCompressed ? self : SegmentName(first: first, text: text + Self.compressedSuffix) }

    /// Makes the name of a segment that begins with this record.
    init(first: UInt64) {
        self.init(first: first, text: "journal-" + Self.digits(first) + ".jsonl")
    }

    /// Reads a name; nil if it isn't one.
    package init?(_ text: String) {
        let plain = text.hasSuffix(Self.compressedSuffix) ? text.dropLast(Self.compressedSuffix.count) : text[...]
        guard plain.utf8.count == Self.plainLength, plain.hasPrefix("journal-"), plain.hasSuffix(".jsonl") else { return nil }
        guard let first = Self.number(plain.dropFirst(8).prefix(20)) else { return nil }
        self.init(first: first, text: text)
    }

    private init(first: UInt64, text: String) {
        self.first = first
        self.text = text
    }

    /// A number as in names, so that names sort like numbers.
    static func digits(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    /// Reads twenty digits.
    static func number(_ text: some StringProtocol) -> UInt64? {
        guard text.utf8.count == 20, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text) else { return nil }
        return number <= SequenceNumber.maximum.value ? number : nil
    }
}
