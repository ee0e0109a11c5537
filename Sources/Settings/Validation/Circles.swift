/// The circles among things of which each leads to one other at most. Found in one walk over all of them.
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
            // A walk that meets itself has found a circle; one that meets an earlier walk has found what that one did.
            if seen[name] == start { members.formUnion(walk(from: name)) }
        }
    }

    /// The names of the circle that one belongs to, beginning with it; nil when it belongs to none. What merely leads into one doesn't.
    func circle(through name: String) -> [String]? {
        members.contains(name) ? walk(from: name) : nil
    }

    private func walk(from start: String) -> [String] {
        var names = [start]
        while let name = names.last.flatMap({ next[$0] }), name != start { names.append(name) }
        return names
    }
}
