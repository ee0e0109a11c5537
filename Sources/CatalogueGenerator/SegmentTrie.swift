/// The paths of all operations as a tree of segments, which is what requests are matched against.
///
/// Parameters of the same position are one branch whatever their names, because a request can't tell them apart.
struct SegmentTrie {
    struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// Operation by method, both as the tables number them.
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
