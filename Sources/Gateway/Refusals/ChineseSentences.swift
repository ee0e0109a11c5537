/// The sentences and hints of refusals in Chinese, found by their English form. Values are copied from the English sentence.
///
/// A refusal is made in English, and the record, the log and `explain` use that text. It is translated only for an answer to a caller that prefers
/// Chinese. A test compares the table with the sentences in the sources.
struct ChineseSentences: Sendable {
    private struct Entry: Sendable {
        /// The English text between the values.
        let pieces: [Substring]
        let chinese: [Substring]
    }

    static let shared = ChineseSentences([requests, standing, targets])
    /// The placeholder for a value.
    static let hole = "{}"

    /// Sentences without values.
    private var plain: [Substring: Substring] = [:]
    /// Sentences with values, in the table's order; those that begin with a value come last, since they match the most texts.
    private var entries: [Entry] = []

    init(_ tables: [String]) {
        for table in tables {
            let lines = table.split(separator: "\n")
            for index in stride(from: 0, to: lines.count - 1, by: 2) {
                let pieces = lines[index].split(separator: Self.hole, omittingEmptySubsequences: false)
                if pieces.count == 1 {
                    plain[lines[index]] = lines[index + 1]
                } else {
                    entries.append(Entry(pieces: pieces, chinese: lines[index + 1].split(separator: Self.hole, omittingEmptySubsequences: false)))
                }
            }
        }
        entries = entries.filter { $0.pieces[0] != "" } + entries.filter { $0.pieces[0] == "" }
    }

    /// The sentence in Chinese; nil if the table has none.
    func translating(_ english: String) -> String? {
        if let found = plain[english[...]] { return String(found) }
        for entry in entries {
            guard let values = Self.values(in: english, between: entry.pieces) else { continue }
            var text = String(entry.chinese[0])
            for (value, piece) in zip(values, entry.chinese.dropFirst()) {
                text += plain[value] ?? value
                text += piece
            }
            return text
        }
        return nil
    }

    /// The values between the pieces of a sentence; nil if the text is a different sentence.
    private static func values(in text: String, between pieces: [Substring]) -> [Substring]? {
        guard text.hasPrefix(pieces[0]), let last = pieces.last else { return nil }
        var values: [Substring] = []
        var rest = text.dropFirst(pieces[0].count)
        for piece in pieces.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: piece) else { return nil }
            values.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        guard rest.hasSuffix(last) else { return nil }
        return values + [rest.dropLast(last.count)]
    }
}

/// The language of what the gateway itself says to a caller (RFC 9110 section 12.5.4).
enum AnswerLanguage: String, Sendable {
    case english = "en"
    case chinese = "zh"

    /// Number of ranges of an `Accept-Language` that are read.
    private static let mostRanges = 32
    /// Bytes of the longest range that is read. The longest registered tag has 35 (RFC 5646 section 4.4.1), and a weight a few more.
    private static let longestRange = 64

    /// The language with the higher weight; English if the field is absent or the weights are equal.
    init(accepting field: String?) {
        guard let field else {
            self = .english
            return
        }
        var weights: [Substring: (weight: Int, position: Int)] = [:]
        for (position, range) in field.utf8.split(separator: UInt8(ascii: ","), maxSplits: Self.mostRanges).prefix(Self.mostRanges).enumerated() {
            guard range.count <= Self.longestRange else { continue }
            let parts = Substring(range).lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let tag = parts.first?.split(separator: "-").first, let weight = Self.weight(parts.dropFirst().first) else { continue }
            if weight > weights[tag]?.weight ?? -1 { weights[tag] = (weight, position) }
        }
        let others = weights["*"].map { (weight: $0.weight, position: Int.max) }
        guard let chinese = weights["zh"] ?? others, chinese.weight > 0 else {
            self = .english
            return
        }
        let english = weights["en"] ?? others ?? (0, Int.max)
        let isPreferred = chinese.weight == english.weight ? chinese.position < english.position : chinese.weight > english.weight
        self = isPreferred ? .chinese : .english
    }

    /// Thousandths; nil if it is no valid weight.
    private static func weight(_ parameter: String?) -> Int? {
        guard let parameter else { return 1_000 }
        guard parameter.hasPrefix("q=") else { return nil }
        let digits = parameter.dropFirst(2).split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = digits.first.flatMap({ Int($0) }), (0...1).contains(whole), digits.count <= 2 else { return nil }
        let fraction = digits.count == 2 ? digits[1] : ""
        guard fraction.utf8.count <= 3, fraction.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        let weight = whole * 1_000 + (Int(fraction + String(repeating: "0", count: 3 - fraction.count)) ?? 0)
        return weight <= 1_000 ? weight : nil
    }
}

extension Refusal {
    /// The sentence and the hint in a language; English if there is no translation.
    func words(in language: AnswerLanguage) -> (message: String, hint: String) {
        guard language == .chinese else { return (message, hint) }
        return (ChineseSentences.shared.translating(message) ?? message, ChineseSentences.shared.translating(hint) ?? hint)
    }
}
