/// The operation that an unknown method and path probably mean: a hint for users, never a decision.
package enum OperationSuggestion {
    /// Letters that a segment may differ in.
    private static let mostEdits = 2
    /// No literal segment of a template is longer.
    private static let longestSegment = 64

    /// The operation whose template differs from this path only in its method, or in the spelling of one
    /// segment.
    /// - Parameter path: the canonical path, without query.
    package static func nearest(to method: OperationMethod, path: [UInt8]) -> Operation? {
        for other in [OperationMethod.get, .post, .put, .delete] where other != method {
            if let operation = OperationMatcher.match(other, path: path.span) { return operation }
        }
        let asked = path.split(separator: UInt8(ascii: "/"), maxSplits: mostSegments)
        var best: (operation: Operation, edits: Int)?
        for template in templates[Shape(method: method, segments: asked.count)] ?? [] {
            guard let edits = edits(asked, template), edits < best?.edits ?? .max else { continue }
            best = (template.operation, edits)
        }
        return best?.operation
    }

    private struct Shape: Hashable {
        let method: OperationMethod
        let segments: Int
    }

    /// A template as segments; a parameter is an empty one.
    private struct Template {
        let operation: Operation
        let segments: [[UInt8]]
    }

    /// No template has as many segments.
    private static let mostSegments = 32

    /// The templates that a path can be compared with. Split once: doing that for each refused path cost 170 µs, as much as eight refusals.
    private static let templates = Dictionary(
        grouping: Operation.allCases.map { operation in
            let segments = operation.template.utf8.split(separator: UInt8(ascii: "/"))
            return Template(operation: operation, segments: segments.map { $0.first == UInt8(ascii: "{") ? [] : Array($0) })
        }
    ) { Shape(method: $0.operation.method, segments: $0.segments.count) }

    /// The edit distance of one segment; nil when more than that is different.
    private static func edits(_ asked: [ArraySlice<UInt8>], _ template: Template) -> Int? {
        var differing: Int?
        for (index, segment) in template.segments.enumerated() where !segment.isEmpty && !segment.elementsEqual(asked[index]) {
            guard differing == nil else { return nil }
            differing = index
        }
        return differing.flatMap { distance(template.segments[$0], Array(asked[$0])) }
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
