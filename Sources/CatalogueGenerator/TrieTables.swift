/// The trie as tables of numbers and one text with all literal segments concatenated.
struct TrieTables {
    static let nodeColumns = ["edges", "parameter", "get", "post", "put", "delete"]
    static let edgeColumns = ["label", "length", "node"]

    private(set) var nodes: [[Int]] = []
    private(set) var edges: [[Int]] = []
    private(set) var labels = ""
    private var labelPositions: [String: Int] = [:]

    init(_ trie: SegmentTrie) {
        for node in trie.nodes {
            let operations = DescribedOperation.Vocabulary.methods.indices.map { node.operations[$0] ?? OperationTables.none }
            nodes.append([edges.count, node.parameter ?? OperationTables.none] + operations)
            // The matcher searches by length first, because lengths can be compared without reading the text.
            let sorted = node.literals.sorted {
                $0.key.utf8.count != $1.key.utf8.count
                    ? $0.key.utf8.count < $1.key.utf8.count : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
            }
            for (label, child) in sorted {
                edges.append([position(of: label), label.utf8.count, child])
            }
        }
        nodes.append([edges.count] + Array(repeating: OperationTables.none, count: Self.nodeColumns.count - 1))
    }

    private mutating func position(of label: String) -> Int {
        if let position = labelPositions[label] { return position }
        labelPositions[label] = labels.utf8.count
        labels += label
        return labels.utf8.count - label.utf8.count
    }
}
