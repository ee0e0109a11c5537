/// Finds the route of a path: the leftmost literal wins, and a placeholder takes exactly one segment.
///
/// It is independent of the gateway's matcher on purpose: a mistake there must not be repeated in what tests it.
struct RouteTree<Value: Sendable>: Sendable {
    /// The result of a lookup.
    enum Match: Sendable {
        case found(Value, parameters: [String: String])
        /// The path exists, with other methods.
        case otherMethod
        case unknown
    }

    private struct Route: Sendable {
        var value: Value
        var parameterNames: [String]
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var placeholder: Int?
        var routes: [String: Route] = [:]
    }

    private var nodes = [Node()]

    /// Adds a route such as `GET /v5/{project_id}/export-task/{task_id}`; of two equal ones the first is kept.
    mutating func insert(method: String, template: String, value: Value) {
        var node = 0
        var names: [String] = []
        for segment in template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if segment.first == "{", segment.last == "}" {
                names.append(String(segment.dropFirst().dropLast()))
                node = child(of: node, at: \.placeholder)
            } else {
                node = child(of: node, at: \.literals[String(segment)])
            }
        }
        if nodes[node].routes[method] == nil { nodes[node].routes[method] = Route(value: value, parameterNames: names) }
    }

    private mutating func child(of node: Int, at slot: WritableKeyPath<Node, Int?>) -> Int {
        if let existing = nodes[node][keyPath: slot] { return existing }
        nodes.append(Node())
        nodes[node][keyPath: slot] = nodes.count - 1
        return nodes.count - 1
    }

    /// Looks up an encoded path.
    func match(method: String, path: Substring) -> Match {
        guard path.first == "/" else { return .unknown }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(PercentCoding.decode)
        var search = Search(segments: segments, method: method)
        guard let (route, values) = find(&search, node: 0, index: 0, values: []) else {
            return search.sawOtherMethod ? .otherMethod : .unknown
        }
        let parameters = Dictionary(zip(route.parameterNames, values)) { first, _ in first }
        return .found(route.value, parameters: parameters)
    }

    private struct Search {
        var segments: [String]
        var method: String
        var sawOtherMethod = false
    }

    private func find(_ search: inout Search, node: Int, index: Int, values: [String]) -> (Route, [String])? {
        guard index < search.segments.count else {
            if let route = nodes[node].routes[search.method] { return (route, values) }
            if !nodes[node].routes.isEmpty { search.sawOtherMethod = true }
            return nil
        }
        let segment = search.segments[index]
        if let literal = nodes[node].literals[segment], let found = find(&search, node: literal, index: index + 1, values: values) {
            return found
        }
        guard let placeholder = nodes[node].placeholder, !segment.isEmpty else { return nil }
        return find(&search, node: placeholder, index: index + 1, values: values + [segment])
    }
}
