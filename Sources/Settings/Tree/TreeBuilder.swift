import YAML

/// Builds located nodes from a parser's events: resolves aliases and merge keys within bounds, finds repeated keys, refuses tags.
struct TreeBuilder: ~Copyable {
    /// Nodes of a document after its aliases are expanded. A configuration of 1,000 callers and 1,000 rules has about 40,000.
    static let mostNodes = 200_000
    /// The schema needs six levels.
    static let deepestLevel = 16

    private let file: String
    private var reader: YAMLEventReader
    private(set) var problems: [SettingsProblem] = []
    private var anchors: [String: Anchored] = [:]
    private var count = 0
    private var repeatedKeys = 0

    /// The node that an alias refers to, and its size: number of values and levels.
    private struct Anchored {
        let node: LocatedNode
        let size: Int
        let height: Int
    }

    init(file: String, reader: consuming YAMLEventReader) {
        self.file = file
        self.reader = reader
    }

    /// The document's root; nil when there is no document.
    mutating func build() throws(DocumentFault) -> LocatedNode? {
        var root: LocatedNode?
        var documents = 0
        while let event = try next() {
            switch event.kind {
            case .documentStart:
                documents += 1
                if documents > 1 { throw .secondDocument(event.mark) }
            case .documentEnd: break
            default: root = try node(event, level: 0)
            }
        }
        if let root, count > Self.mostNodes {
            report(.syntax, root.origin, "the file holds more than \(Self.mostNodes) values once its aliases are expanded")
        }
        return root
    }

    private mutating func next() throws(DocumentFault) -> YAMLEvent? {
        do throws(YAMLEvent.Fault) {
            return try reader.next()
        } catch {
            throw .form(error)
        }
    }

    /// The complete value that begins with an event.
    private mutating func node(_ event: YAMLEvent, level: Int) throws(DocumentFault) -> LocatedNode {
        guard level <= Self.deepestLevel else { throw .tooDeep(event.mark) }
        let before = count
        spend(1)
        refuseTag(of: event)
        let node = LocatedNode(content: try content(event, level: level), origin: origin(event.mark))
        // An alias inside is replaced by the anchor's own node, with the places where its values are written.
        let result = aliased(event, level: level) ?? node
        if let anchor = event.anchor {
            anchors[anchor] = Anchored(node: result, size: count - before, height: result.height)
        }
        return result
    }

    private mutating func content(_ event: YAMLEvent, level: Int) throws(DocumentFault) -> LocatedNode.Content {
        switch event.kind {
        case .scalar(let masked, let isPlain):
            let text = AliasMask.unmask(masked)
            let isNull = isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
            return isNull ? .null : .scalar(LocatedScalar(text: text, isPlain: isPlain))
        case .sequenceStart: return .sequence(try elements(level: level))
        case .mappingStart: return .mapping(try entries(level: level))
        // `AliasMask` leaves none.
        case .alias, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd: return .null
        }
    }

    private mutating func elements(level: Int) throws(DocumentFault) -> [LocatedNode] {
        var elements: [LocatedNode] = []
        while let event = try next(), event.kind != .sequenceEnd {
            let element = try node(event, level: level + 1)
            if isWithinBounds { elements.append(element) }
        }
        return elements
    }

    private mutating func entries(level: Int) throws(DocumentFault) -> [LocatedEntry] {
        var entries: [LocatedEntry] = []
        var merged: [LocatedEntry] = []
        var firsts: [String: SettingOrigin] = [:]
        while let event = try next(), event.kind != .mappingEnd {
            let keyOrigin = origin(event.mark)
            guard let key = try key(event, level: level) else {
                report(.syntax, keyOrigin, "a key must be a plain word")
                if let value = try next() { _ = try node(value, level: level + 1) }
                continue
            }
            guard let valueEvent = try next() else { break }
            let value = try node(valueEvent, level: level + 1)
            if key == "<<" {
                merged += mergeEntries(value)
            } else if let first = firsts[key] {
                try reportRepeated(keyOrigin, first: first)
            } else if isWithinBounds {
                firsts[key] = keyOrigin
                entries.append(LocatedEntry(key: key, keyOrigin: keyOrigin, value: value))
            }
        }
        for entry in merged where firsts.updateValue(entry.keyOrigin, forKey: entry.key) == nil { entries.append(entry) }
        return entries
    }

    /// The key that begins with an event; nil if it is no single value; it is then skipped.
    private mutating func key(_ event: YAMLEvent, level: Int) throws(DocumentFault) -> String? {
        if case .scalar(let text, _) = event.kind { return AliasMask.unmask(text) }
        _ = try node(event, level: level + 1)
        return nil
    }

    /// The entries merged by `<<`: those of one mapping, or of several, where the first one with a key has precedence.
    private mutating func mergeEntries(_ value: LocatedNode) -> [LocatedEntry] {
        let sources = value.elements ?? [value]
        var merged: [LocatedEntry] = []
        for source in sources {
            if let entries = source.entries {
                merged += entries
            } else {
                report(.wrongType, source.origin, "`<<` takes a mapping, this is \(source.shapeInWords)")
            }
        }
        return merged
    }

    // MARK: - Aliases

    /// The node that an event refers to, if it is an alias.
    private mutating func aliased(_ event: YAMLEvent, level: Int) -> LocatedNode? {
        guard case .scalar(let text, isPlain: true) = event.kind, text.unicodeScalars.first == AliasMask.sign else { return nil }
        let origin = origin(event.mark)
        let nothing = LocatedNode(content: .null, origin: origin)
        guard let anchor = anchors[String(text.unicodeScalars.dropFirst())] else {
            let hint = "put quotes around a value that begins with `*`, e.g. \"*\""
            report(.syntax, origin, "an unquoted `*` refers to an anchor, and there is none of that name above", hint: hint)
            return nothing
        }
        spend(anchor.size)
        guard isWithinBounds else { return nothing }
        guard level + anchor.height <= Self.deepestLevel else {
            report(.syntax, origin, "nested deeper than \(Self.deepestLevel) levels once aliases are expanded")
            return nothing
        }
        return anchor.node
    }

    /// Counts values. The count stops above the bound, because the sizes of nested aliases would overflow it.
    private mutating func spend(_ size: Int) {
        count = min(count + size, Self.mostNodes + 1)
    }

    private var isWithinBounds: Bool { count <= Self.mostNodes }

    // MARK: - Faults

    private mutating func reportRepeated(_ origin: SettingOrigin, first: SettingOrigin) throws(DocumentFault) {
        repeatedKeys += 1
        guard repeatedKeys <= DocumentParser.mostDuplicateKeys else { throw .tooManyRepeatedKeys }
        var hint: String?
        if case .file(let position) = first { hint = "it was first given in line \(position.line); keep one" }
        report(.duplicateKey, origin, "this key is given twice", hint: hint)
    }

    private mutating func refuseTag(of event: YAMLEvent) {
        guard let tag = event.tag, tag != "!", tag != "tag:yaml.org,2002:str" else { return }
        report(.syntax, origin(event.mark), "YAML tags are not used here", hint: "write the value without `!`")
    }

    private func origin(_ mark: YAMLEvent.Mark) -> SettingOrigin {
        .file(SourcePosition(file: file, line: mark.line, column: mark.column))
    }

    private mutating func report(_ kind: SettingsProblem.Kind, _ origin: SettingOrigin, _ message: String, hint: String? = nil) {
        problems.append(SettingsProblem(kind, .init(.root, origin), message, hint: hint))
    }
}
