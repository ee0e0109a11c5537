import Yams

/// Turns the library's nodes into located ones: resolves aliases and merge keys within bounds, finds repeated keys, refuses tags.
struct NodeConversion {
    /// Nodes of a document after its aliases are expanded. A configuration of 1,000 callers and 1,000 rules has about 40,000.
    static let mostNodes = 200_000
    /// The schema needs six levels.
    static let deepestLevel = 16

    let file: String
    /// Keys that were renamed to get past the parser, with their real names.
    let repeatedKeys: [KeyPlace: String]
    private(set) var problems: [SettingsProblem] = []
    private var anchors: [String: Anchored] = [:]
    private var count = 0

    /// What an alias stands for, and what it costs: values in it, levels in it.
    private struct Anchored {
        let node: LocatedNode
        let size: Int
        let height: Int
    }

    init(file: String, repeatedKeys: [KeyPlace: String]) {
        self.file = file
        self.repeatedKeys = repeatedKeys
    }

    /// The document's root.
    mutating func convert(_ root: Node) -> LocatedNode {
        let node = convert(root, level: 0)
        if count > Self.mostNodes {
            report(.syntax, node.origin, "the file holds more than \(Self.mostNodes) values once its aliases are expanded")
        }
        return node
    }

    private mutating func convert(_ node: Node, level: Int) -> LocatedNode {
        let before = count
        let origin = origin(node.mark)
        var result = LocatedNode(content: .null, origin: origin)
        guard spend(1) else { return result }
        if level > Self.deepestLevel {
            report(.syntax, origin, "nested deeper than \(Self.deepestLevel) levels")
            return result
        }
        refuseTag(of: node, origin)
        switch node {
        case .scalar(let scalar): result = convert(scalar, origin, level: level)
        case .sequence(let sequence): result.content = .sequence(sequence.map { convert($0, level: level + 1) })
        case .mapping(let mapping): result.content = .mapping(entries(of: mapping, level: level))
        case .alias: report(.syntax, origin, "an alias can't stand here")
        }
        if let anchor = node.anchor?.rawValue {
            anchors[anchor] = Anchored(node: result, size: count - before, height: result.height)
        }
        return result
    }

    private mutating func convert(_ scalar: Node.Scalar, _ origin: SettingOrigin, level: Int) -> LocatedNode {
        let isPlain = scalar.style == .plain || scalar.style == .any
        if isPlain, scalar.string.unicodeScalars.first == AliasMask.sign {
            return alias(String(scalar.string.unicodeScalars.dropFirst()), origin, level: level)
        }
        let text = AliasMask.unmask(scalar.string)
        let isNull = isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
        return LocatedNode(content: isNull ? .null : .scalar(LocatedScalar(text: text, isPlain: isPlain)), origin: origin)
    }

    private mutating func alias(_ name: String, _ origin: SettingOrigin, level: Int) -> LocatedNode {
        guard let anchor = anchors[name] else {
            let hint = "put quotes around a value that begins with `*`, e.g. \"*\""
            report(.syntax, origin, "an unquoted `*` refers to an anchor, and there is none of that name above", hint: hint)
            return LocatedNode(content: .null, origin: origin)
        }
        guard spend(anchor.size) else { return LocatedNode(content: .null, origin: origin) }
        guard level + anchor.height <= Self.deepestLevel else {
            report(.syntax, origin, "nested deeper than \(Self.deepestLevel) levels once aliases are expanded")
            return LocatedNode(content: .null, origin: origin)
        }
        // The positions stay those of the anchor, where the values are written.
        return anchor.node
    }

    /// Counts values; false once there are too many. The count stops there, for the sizes of nested aliases would overflow it.
    private mutating func spend(_ size: Int) -> Bool {
        count = min(count + size, Self.mostNodes + 1)
        return count <= Self.mostNodes
    }

    private mutating func entries(of mapping: Node.Mapping, level: Int) -> [LocatedEntry] {
        var entries: [LocatedEntry] = []
        var merged: [LocatedEntry] = []
        var firsts: [String: SettingOrigin] = [:]
        for (keyNode, valueNode) in mapping {
            let origin = origin(keyNode.mark)
            guard let key = key(keyNode) else {
                report(.syntax, origin, "a key must be a plain word")
                continue
            }
            let value = convert(valueNode, level: level + 1)
            if key == "<<" {
                merged += mergeEntries(value)
            } else if let first = firsts[key] {
                reportRepeated(origin, first: first)
            } else {
                firsts[key] = origin
                entries.append(LocatedEntry(key: key, keyOrigin: origin, value: value))
            }
        }
        for entry in merged where firsts.updateValue(entry.keyOrigin, forKey: entry.key) == nil { entries.append(entry) }
        return entries
    }

    /// What `<<` brings in: a mapping, or several of which the first to name a key wins.
    private mutating func mergeEntries(_ value: LocatedNode) -> [LocatedEntry] {
        let sources = value.elements ?? [value]
        return sources.flatMap { source -> [LocatedEntry] in
            guard let entries = source.entries else {
                report(.wrongType, source.origin, "`<<` takes a mapping, this is \(source.shapeInWords)")
                return []
            }
            return entries
        }
    }

    private func key(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node else { return nil }
        if let mark = node.mark, let name = repeatedKeys[KeyPlace(mark)] { return AliasMask.unmask(name) }
        return AliasMask.unmask(scalar.string)
    }

    private mutating func reportRepeated(_ origin: SettingOrigin, first: SettingOrigin) {
        var hint: String?
        if case .file(let position) = first { hint = "it was first given in line \(position.line); keep one" }
        report(.duplicateKey, origin, "this key is given twice", hint: hint)
    }

    private mutating func refuseTag(of node: Node, _ origin: SettingOrigin) {
        let tag: Tag
        switch node {
        case .scalar(let scalar): tag = scalar.tag
        case .sequence(let sequence): tag = sequence.tag
        case .mapping(let mapping): tag = mapping.tag
        case .alias: return
        }
        guard tag != .implicit, tag != Tag(.str) else { return }
        report(.syntax, origin, "YAML tags are not used here", hint: "write the value without `!`")
    }

    private func origin(_ mark: Mark?) -> SettingOrigin {
        .file(SourcePosition(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1))
    }

    private mutating func report(_ kind: SettingsProblem.Kind, _ origin: SettingOrigin, _ message: String, hint: String? = nil) {
        problems.append(SettingsProblem(kind, .init(.root, origin), message, hint: hint))
    }
}
