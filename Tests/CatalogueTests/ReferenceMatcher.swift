import Catalogue

/// Matching by its definition, slow and simple: of all matching templates, the one with the leftmost fixed text.
struct ReferenceMatcher {
    private let templates: [(operation: Operation, segments: [Substring])] = Operation.allCases.map {
        ($0, $0.template.dropFirst().split(separator: "/", omittingEmptySubsequences: false))
    }

    func match(_ method: OperationMethod, path: String) -> Operation? {
        guard path.first == "/" else { return nil }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let fitting = templates.filter { candidate in
            candidate.operation.method == method && candidate.segments.count == segments.count
                && zip(candidate.segments, segments).allSatisfy { $0.first == "{" ? !$1.isEmpty : $0 == $1 }
        }
        return fitting.max { Self.fixed($0.segments).lexicographicallyPrecedes(Self.fixed($1.segments)) }?.operation
    }

    /// Pairs of operations that match a common path, with such a path.
    func ambiguousPairs() -> [(first: Operation, second: Operation, path: String)] {
        var pairs: [(Operation, Operation, String)] = []
        for (index, first) in templates.enumerated() {
            for second in templates[(index + 1)...]
            where first.operation.method == second.operation.method && first.segments.count == second.segments.count {
                let merged = zip(first.segments, second.segments).map { $0 == $1 || $1.first == "{" ? $0 : $0.first == "{" ? $1 : "" }
                guard !merged.contains("") else { continue }
                pairs.append(
                    (first.operation, second.operation, "/" + merged.map { $0.first == "{" ? "value" : $0 }.joined(separator: "/")))
            }
        }
        return pairs
    }

    private static func fixed(_ segments: [Substring]) -> [Int] { segments.map { $0.first == "{" ? 0 : 1 } }
}
