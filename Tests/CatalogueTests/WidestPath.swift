@testable import Catalogue

/// The path for which matching could enter the most nodes of the trie, found by trying every useful segment.
///
/// All nodes that a prefix of a path can reach are followed together. It is an upper bound: it counts as if matching
/// always tried everything.
struct WidestPath {
    private(set) var enteredNodes = 0
    private(set) var path = ""

    static func search() -> WidestPath {
        var widest = WidestPath()
        widest.follow([0], entered: 1, path: "")
        return widest
    }

    private mutating func follow(_ nodes: [Int], entered: Int, path: String) {
        if entered > enteredNodes { (enteredNodes, self.path) = (entered, path) }
        // No literal is "~", so only parameters match it.
        for segment in Set(nodes.flatMap(Self.literals)).union(["~"]) {
            let bytes = segment.utf8.span
            var next: [Int] = []
            for node in nodes {
                if let child = PathTrie.literalChild(of: node, bytes, 0..<bytes.count) { next.append(child) }
                let parameter = PathTrie.nodes[node * PathTrie.NodeColumn.count + PathTrie.NodeColumn.parameter]
                if parameter != OperationTable.none { next.append(Int(parameter)) }
            }
            if !next.isEmpty { follow(next, entered: entered + next.count, path: "\(path)/\(segment)") }
        }
    }

    private static func literals(of node: Int) -> [String] {
        let column = PathTrie.NodeColumn.edges
        let first = Int(PathTrie.nodes[node * PathTrie.NodeColumn.count + column])
        let end = Int(PathTrie.nodes[(node + 1) * PathTrie.NodeColumn.count + column])
        return (first..<end).map { edge in
            let label = Int(PathTrie.edges[edge * PathTrie.EdgeColumn.count + PathTrie.EdgeColumn.label])
            let length = Int(PathTrie.edges[edge * PathTrie.EdgeColumn.count + PathTrie.EdgeColumn.length])
            return String(PathTrie.labels.description.dropFirst(label).prefix(length))
        }
    }
}
