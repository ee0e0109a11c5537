import YAML

/// An OpenAPI document as a tree of YAML nodes, with references followed.
package struct OpenAPIDocument {
    /// A reference may lead to another one. Longer chains than this are a cycle.
    private static let referenceHops = 8

    package let root: Node

    package init(yaml: String) throws(DocumentProblem) {
        do throws(YAMLEvent.Fault) {
            root = try Node(yaml: yaml)
        } catch {
            throw .notYAML("line \(error.mark.line): \(error.problem)")
        }
        guard root.mapping != nil else { throw .notYAML("the document is not a mapping") }
    }

    /// The node itself, or the target of its `$ref`.
    package func resolve(_ node: Node) throws(DocumentProblem) -> Node {
        var node = node
        for _ in 0..<Self.referenceHops {
            guard let reference = node["$ref"]?.string else { return node }
            node = try target(of: reference, line: node.line)
        }
        throw .unresolvedReference(node["$ref"]?.string ?? "", line: node.line)
    }

    private func target(of reference: String, line: Int) throws(DocumentProblem) -> Node {
        let steps = reference.split(separator: "/")
        guard steps.first == "#" else { throw .unresolvedReference(reference, line: line) }
        var node = root
        for step in steps.dropFirst() {
            guard let next = node[String(step)] else { throw .unresolvedReference(reference, line: line) }
            node = next
        }
        return node
    }
}

extension Node {
    /// The value of `key` in the mapping, which must exist.
    package func required(_ key: String) throws(DocumentProblem) -> Node {
        guard let node = self[key] else { throw .missing(key: key, line: line) }
        return node
    }

    /// The text of `key`, which must exist.
    package func requiredText(_ key: String) throws(DocumentProblem) -> String {
        guard let text = try required(key).string else { throw .missing(key: key, line: line) }
        return text
    }

    /// The texts of the sequence of `key`; none when the key is absent.
    package func texts(_ key: String) -> [String] {
        (self[key]?.sequence ?? []).compactMap(\.string)
    }
}
