/// The name of a segment, `journal-<number of its first record, 20 digits>.jsonl`.
struct SegmentName: Sendable, Hashable {
    /// The number of the segment's first record.
    let first: UInt64
    /// The file's name.
    let text: String

    /// Makes the name of a segment that begins with this record.
    init(first: UInt64) {
        self.first = first
        let digits = String(first)
        text = "journal-" + String(repeating: "0", count: 20 - digits.count) + digits + ".jsonl"
    }

    /// Reads a name; nothing when it isn't one.
    init?(_ text: String) {
        let name = text.utf8
        guard name.count == 34, text.hasPrefix("journal-"), text.hasSuffix(".jsonl") else { return nil }
        let digits = name.dropFirst(8).prefix(20)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let first = UInt64(String(digits) ?? "") else { return nil }
        guard first <= SequenceNumber.maximum.value else { return nil }
        self.first = first
        self.text = text
    }
}
