/// Suggests what was probably meant: words at a small edit distance, or words that begin with the typed text.
package struct DidYouMean {
    /// Two typing errors; more would suggest unrelated words.
    static let furthestDistance = 2
    /// A shorter prefix matches too many words.
    static let shortestPrefix = 3
    /// More suggestions are not helpful.
    static let mostSuggestions = 3

    let candidates: [String]

    package init(_ candidates: some Sequence<String>) {
        self.candidates = Array(candidates)
    }

    /// The best candidates, all of the same distance, in their own order; empty if none is similar.
    func suggestions(for typed: String) -> [String] {
        let folded = Self.fold(typed)
        var best = Self.furthestDistance + 1
        var found: [String] = []
        for candidate in candidates where candidate != typed {
            guard let distance = Self.distance(folded, Self.fold(candidate)) else { continue }
            if distance < best { found.removeAll() }
            if distance <= best, !found.contains(candidate) {
                best = distance
                found.append(candidate)
            }
        }
        if found.isEmpty, folded.count >= Self.shortestPrefix {
            found = candidates.filter {
                Self.fold($0).hasPrefix(folded) || folded.hasPrefix(Self.fold($0)) && $0.count >= Self.shortestPrefix
            }
        }
        return Array(found.prefix(Self.mostSuggestions))
    }

    /// A question for a problem's hint, or nil.
    package func hint(for typed: String) -> String? {
        let words = suggestions(for: typed).map { "`\($0)`" }
        guard !words.isEmpty else { return nil }
        return "did you mean \(words.joined(separator: " or "))?"
    }

    private static func distance(_ typed: String, _ candidate: String) -> Int? {
        // A word of two letters is within two edits of every other one, so the limit shrinks with the candidate.
        let limit = min(furthestDistance, max(1, candidate.count - 1))
        return EditDistance.between(typed, and: candidate, limit: limit)
    }

    /// Case and the choice between `-` and `_` are the most common errors and don't count.
    private static func fold(_ word: String) -> String {
        String(word.lowercased().map { $0 == "-" ? "_" : $0 })
    }
}
