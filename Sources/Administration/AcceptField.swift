/// The media types that a request's Accept field allows (RFC 9110 section 12.5.1).
struct AcceptField {
    private struct Range {
        let type: Substring
        let subtype: Substring
        /// Thousandths.
        let quality: Int
    }

    /// Media ranges that are read; later ones are ignored.
    private static let mostRanges = 64

    private let ranges: [Range]

    init(_ request: Request) {
        self.init(request.field("Accept"))
    }

    /// - Parameter text: the field's value; nil, or without anything that can be read, accepts everything.
    init(_ text: String?) {
        ranges = (text ?? "").lowercased().split(separator: ",").prefix(Self.mostRanges).compactMap { Self.range($0) }
    }

    /// The position of the type with the highest weight; of several with the same weight the most specifically named one, then the first
    /// offered. Nil when none is acceptable: `q=0` refuses a type.
    /// - Parameter offers: media types in lower case without parameters.
    func best(of offers: [String]) -> Int? {
        guard !ranges.isEmpty else { return offers.isEmpty ? nil : 0 }
        var best: (index: Int, quality: Int, exactness: Int)?
        for (index, offer) in offers.enumerated() {
            guard let (quality, exactness) = judgement(of: offer), quality > 0 else { continue }
            if let best, (best.quality, best.exactness) >= (quality, exactness) { continue }
            best = (index, quality, exactness)
        }
        return best?.index
    }

    /// The quality that the most specific matching range gives a type, and how specific that is: 2 names it, 1 its
    /// family, 0 everything.
    private func judgement(of offer: String) -> (quality: Int, exactness: Int)? {
        let parts = offer.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        var found: (quality: Int, exactness: Int)?
        for range in ranges {
            let exactness: Int
            switch (range.type, range.subtype) {
            case (parts[0], parts[1]): exactness = 2
            case (parts[0], "*"): exactness = 1
            case ("*", "*"): exactness = 0
            default: continue
            }
            if let found, found.exactness > exactness || found.exactness == exactness && found.quality >= range.quality { continue }
            found = (range.quality, exactness)
        }
        return found
    }

    private static func range(_ text: Substring) -> Range? {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed }
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        let weight = parts.dropFirst().last { $0.hasPrefix("q=") }.map { quality($0.dropFirst(2)) } ?? 1_000
        return weight.map { Range(type: names[0], subtype: names[1], quality: $0) }
    }

    /// `0`, `0.5`, `1.000`; nil for anything else.
    private static func quality(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1" else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= 3, fraction.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        let digits = fraction + String(repeating: "0", count: 3 - fraction.utf8.count)
        guard let thousandths = Int(digits), whole == "0" || thousandths == 0 else { return nil }
        return whole == "1" ? 1_000 : thousandths
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
