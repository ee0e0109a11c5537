import Audit
import Crypto

/// The text of the file `memory`: the memory up to a record of the journal, so that a start reads only the records after it. Its checksum detects an
/// incomplete or edited file, and the leaf of the last record that it covers detects one of another journal.
struct MemorySnapshot: Sendable {
    private static let title = "hss-gateway memory 1"

    /// It covers the records before this one.
    var upTo: SequenceNumber
    /// The leaf of the last record that it covers; nil if there is none.
    var last: SHA256Hash?
    var memories: Memories

    var encoded: String {
        var text = "\(Self.title)\nupto \(upTo)\nlast \(last.map(\.description) ?? "-")\n"
        for section in memories.sections {
            var (lines, count) = ("", 0)
            section.forEachLine { line in
                lines += line.encoded + "\n"
                count += 1
            }
            text += "section \(type(of: section).title) \(count)\n" + lines
        }
        return text + "check \(Self.checksum(text))\n"
    }

    init(upTo: SequenceNumber, last: SHA256Hash?, memories: Memories) {
        self.upTo = upTo
        self.last = last
        self.memories = memories
    }

    /// Reads a file's content; nil unless it is complete and every line can be parsed.
    init?(decoding text: String) {
        guard let check = text.range(ofLast: "check "), text[check...] == "check \(Self.checksum(text[..<check]))\n" else { return nil }
        var lines = text[..<check].split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.title[...], let upTo = lines.popFirst().flatMap({ UInt64($0.dropFirst("upto ".count)) }),
            upTo <= SequenceNumber.maximum.value, let last = lines.popFirst()?.dropFirst("last ".count)
        else { return nil }
        self.upTo = SequenceNumber(upTo)
        self.last = SHA256Hash(hexadecimal: last)
        guard self.last != nil || last == "-" else { return nil }
        memories = Memories()
        while let head = lines.popFirst(), !head.isEmpty {
            let words = head.split(separator: " ")
            guard words.count == 3, words[0] == "section", let count = Int(words[2]), count >= 0, lines.count >= count else { return nil }
            for line in lines.prefix(count) {
                guard let saved = SavedLine(decoding: line), memories.restore(saved, of: words[1]) else { return nil }
            }
            lines = lines.dropFirst(count)
        }
    }

    private static func checksum(_ text: some StringProtocol) -> String {
        var hash = SHA256()
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        if done == nil { hash.update(data: Array(text.utf8)) }
        return SHA256Hash(hash.finalize())?.description ?? ""
    }
}

extension String {
    /// Where the last line with this beginning starts; nil if it isn't the last line.
    fileprivate func range(ofLast beginning: String) -> String.Index? {
        guard utf8.last == 0x0A else { return nil }
        let start = utf8.dropLast().lastIndex(of: 0x0A).map { utf8.index(after: $0) } ?? startIndex
        return self[start...].hasPrefix(beginning) ? start : nil
    }
}
