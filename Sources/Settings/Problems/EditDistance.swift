/// Damerau-Levenshtein distance (optimal string alignment: insert, delete, replace, swap neighbours).
enum EditDistance {
    /// Longer words are not compared: no key, operation or name is longer, and the table grows with the product of both lengths.
    static let longestWord = 128

    /// The distance, or nil when it is above `limit` or a word is too long.
    static func between(_ left: String, and right: String, limit: Int) -> Int? {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        guard abs(left.count - right.count) <= limit, max(left.count, right.count) <= longestWord else { return nil }
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let replaced = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var best = min(previous[column] + 1, current[column - 1] + 1, replaced)
                let swapped = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1]
                if swapped { best = min(best, beforePrevious[column - 2] + 1) }
                current[column] = best
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
