/// The paths of all operations as a tree of segments, against which requests are matched.
///
/// Parameters at the same position are one branch whatever their names, because a request can't distinguish
/// them.
struct SegmentTrie {
    struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// Operation by method, both numbered as in the tables.
        var operations: [Int: Int] = [:]
    }

    private(set) var nodes = [Node()]

    init(_ operations: [DescribedOperation]) throws(DocumentProblem) {
        for (index, operation) in operations.enumerated() {
            guard let method = DescribedOperation.Vocabulary.methods.firstIndex(of: operation.method) else {
                throw .unexpected(value: operation.method, key: operation.name, line: 0)
            }
            let node = insert(operation.segments)
            if let other = nodes[node].operations[method] { throw .sameTemplate(operations[other].name, operation.name) }
            nodes[node].operations[method] = index
        }
    }

    private mutating func insert(_ segments: [Substring]) -> Int {
        var node = 0
        for segment in segments {
            let isParameter = segment.first == "{"
            if let next = isParameter ? nodes[node].parameter : nodes[node].literals[String(segment)] {
                node = next
                continue
            }
            nodes.append(Node())
            if isParameter {
                nodes[node].parameter = nodes.count - 1
            } else {
                nodes[node].literals[String(segment)] = nodes.count - 1
            }
            node = nodes.count - 1
        }
        return node
    }
}
