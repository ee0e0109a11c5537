/// The cycles in a graph in which each node has at most one successor. Found in one pass over all nodes.
struct Circles {
    private let next: [String: String]
    private var members: Set<String> = []

    init(in next: [String: String]) {
        self.next = next
        // The walk that a name was first seen on.
        var seen: [String: String] = [:]
        for start in next.keys {
            var name = start
            while seen[name] == nil, let following = next[name] {
                seen[name] = start
                name = following
            }
            // A walk that reaches one of its own nodes has found a cycle; one that reaches an earlier walk's node leads to that walk's result.
            if seen[name] == start { members.formUnion(walk(from: name)) }
        }
    }

    /// The names of the cycle that a node belongs to, beginning with it; nil if it belongs to none. A node that only leads into a cycle doesn't
    /// belong to it.
    func circle(through name: String) -> [String]? {
        members.contains(name) ? walk(from: name) : nil
    }

    private func walk(from start: String) -> [String] {
        var names = [start]
        while let name = names.last.flatMap({ next[$0] }), name != start { names.append(name) }
        return names
    }
}
