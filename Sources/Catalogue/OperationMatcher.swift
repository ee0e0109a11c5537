/// Finds the operation of a method and a path.
///
/// 1. Fixed text takes precedence over a parameter, and the leftmost difference decides: `/v5/p/download/tags` is
///    ListDownloadExportedFile and not ListProjectTags, although both templates match. If the branch of the fixed text has
///    no match, the parameter's is tried.
/// 2. A parameter matches exactly one non-empty segment. Prefixes, trailing slashes and other cases don't match.
/// 3. The work is bounded by the trie and not by the request. A node has one parent and is entered only from there, for one
///    position in the path, so no node is entered twice; each level at most doubles the nodes that are entered, and the
///    deepest template has nine segments. In practice the worst path enters 14 nodes (see the tests).
package enum OperationMatcher {
    /// - Parameter path: The bytes of the request's canonical path: absolute, percent-encoded, without query.
    package static func match(_ method: OperationMethod, path: Span<UInt8>) -> Operation? {
        guard !path.isEmpty, path[0] == slash else { return nil }
        var search = Search(methodColumn: column(of: method))
        return search.descend(path, from: 1, node: 0).map { Operation(index: Int($0)) }
    }

    fileprivate static let slash = UInt8(ascii: "/")

    private static func column(of method: OperationMethod) -> Int {
        switch method {
        case .get: PathTrie.NodeColumn.get
        case .post: PathTrie.NodeColumn.post
        case .put: PathTrie.NodeColumn.put
        case .delete: PathTrie.NodeColumn.delete
        }
    }

    /// One walk through the trie.
    struct Search {
        let methodColumn: Int
        /// How many nodes were entered; the tests check the bound.
        private(set) var enteredNodes = 0

        init(methodColumn: Int) { self.methodColumn = methodColumn }

        /// - Parameter start: Where the next segment begins; past the end when the path ended with a slash.
        mutating func descend(_ path: Span<UInt8>, from start: Int, node: Int) -> UInt16? {
            enteredNodes += 1
            var end = start
            while end < path.count, path[end] != OperationMatcher.slash { end += 1 }
            guard end > start else { return nil }

            if let child = PathTrie.literalChild(of: node, path, start..<end),
                let found = finish(path, at: end, node: child)
            {
                return found
            }
            let parameter = PathTrie.nodes[node * PathTrie.NodeColumn.count + PathTrie.NodeColumn.parameter]
            return parameter == OperationTable.none ? nil : finish(path, at: end, node: Int(parameter))
        }

        private mutating func finish(_ path: Span<UInt8>, at end: Int, node: Int) -> UInt16? {
            if end < path.count { return descend(path, from: end + 1, node: node) }
            enteredNodes += 1
            let operation = PathTrie.nodes[node * PathTrie.NodeColumn.count + methodColumn]
            return operation == OperationTable.none ? nil : operation
        }
    }
}
