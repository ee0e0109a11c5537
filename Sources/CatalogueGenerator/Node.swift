package import YAML

/// A value of a YAML document, with the position where it begins.
package struct Node: Sendable {
    /// The kinds of values. Keys of mappings are nodes, as in YAML.
    indirect enum Content: Sendable {
        case scalar(String)
        case sequence([Node])
        case mapping([Entry])
    }

    /// One key of a mapping with its value.
    package struct Entry: Sendable {
        package let key: Node
        package let value: Node
    }

    /// No description of an API nests deeper.
    private static let deepestLevel = 100

    let content: Content
    private let mark: YAMLEvent.Mark

    /// The root of a document's tree. Aliases are not resolved: `openapi.yaml` has none.
    package init(yaml: String) throws(YAMLEvent.Fault) {
        var reader = YAMLEventReader(yaml)
        while let event = try reader.next() {
            if event.kind == .documentStart { continue }
            self = try Node(event, &reader, level: 0)
            return
        }
        throw YAMLEvent.Fault(problem: "the document is empty", mark: .start)
    }

    private init(_ event: YAMLEvent, _ reader: inout YAMLEventReader, level: Int) throws(YAMLEvent.Fault) {
        guard level < Self.deepestLevel else { throw YAMLEvent.Fault(problem: "nested too deep", mark: event.mark) }
        mark = event.mark
        switch event.kind {
        case .scalar(let text, _): content = .scalar(text)
        case .sequenceStart:
            var elements: [Node] = []
            while let next = try reader.next(), next.kind != .sequenceEnd { elements.append(try Node(next, &reader, level: level + 1)) }
            content = .sequence(elements)
        case .mappingStart:
            var entries: [Entry] = []
            while let next = try reader.next(), next.kind != .mappingEnd {
                let key = try Node(next, &reader, level: level + 1)
                guard let begin = try reader.next() else { break }
                entries.append(Entry(key: key, value: try Node(begin, &reader, level: level + 1)))
            }
            content = .mapping(entries)
        case .alias, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw YAMLEvent.Fault(problem: "nothing but values is read here", mark: event.mark)
        }
    }

    /// The line the node begins on, from 1.
    package var line: Int { mark.line }

    package var string: String? {
        if case .scalar(let text) = content { text } else { nil }
    }

    package var bool: Bool? {
        switch string {
        case "true": true
        case "false": false
        default: nil
        }
    }

    package var sequence: [Node]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    package var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value of a key in a mapping. Keys are compared as text, so that the status code in `'200':` is
    /// found.
    package subscript(key: String) -> Node? {
        mapping?.first { $0.key.string == key }?.value
    }
}
