/// Which operation a method and a path may have meant that name none: help for people, never a decision.
package enum OperationSuggestion {
    /// Letters that a segment may differ in.
    private static let mostEdits = 2
    /// No literal segment of a template is longer.
    private static let longestSegment = 64

    /// The operation whose template has this path but for its method, or but for the spelling of one segment.
    /// - Parameter path: the canonical path, without query.
    package static func nearest(to method: OperationMethod, path: [UInt8]) -> Operation? {
        for other in [OperationMethod.get, .post, .put, .delete] where other != method {
            if let operation = OperationMatcher.match(other, path: path.span) { return operation }
        }
        let asked = path.split(separator: UInt8(ascii: "/"))
        var best: (operation: Operation, edits: Int)?
        for operation in Operation.allCases where operation.method == method {
            guard let edits = edits(asked, operation.template), edits < best?.edits ?? .max else { continue }
            best = (operation, edits)
        }
        return best?.operation
    }

    /// By how many letters one segment differs; nil when more than that is different.
    private static func edits(_ asked: [ArraySlice<UInt8>], _ template: String) -> Int? {
        var index = 0
        var found: Int?
        for segment in template.utf8.split(separator: UInt8(ascii: "/")) {
            guard index < asked.count else { return nil }
            defer { index += 1 }
            if segment.first == UInt8(ascii: "{") || segment.elementsEqual(asked[index]) { continue }
            guard found == nil, let edits = distance(Array(segment), Array(asked[index])) else { return nil }
            found = edits
        }
        return index == asked.count ? found : nil
    }

    /// Levenshtein's distance; nil above `mostEdits`.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int? {
        guard abs(one.count - other.count) <= mostEdits, max(one.count, other.count) <= longestSegment else { return nil }
        var row = Array(0...other.count)
        for (line, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in other.indices {
                let substituted = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(substituted, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count] <= mostEdits ? row[other.count] : nil
    }
}
