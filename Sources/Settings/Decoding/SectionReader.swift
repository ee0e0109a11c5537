/// Reads the keys of one mapping: each by its type, with its default, recording value and origin.
///
/// 1. A key that is written and not in the schema is reported once, when the reader is made.
/// 2. A key that is read and not in the schema is a bug and stops the program in the first test.
/// 3. A faulty value is reported and its default returned, so that reading continues; the result is then discarded.
struct SectionReader {
    let pass: DecodingPass
    let path: SettingPath
    let origin: SettingOrigin
    let keys: [SchemaKey]
    private let entries: [LocatedEntry]

    init(_ pass: DecodingPass, _ site: SettingsProblem.Site, _ node: LocatedNode?, keys: [SchemaKey]) {
        self.pass = pass
        self.path = site.path
        self.origin = site.origin
        self.keys = keys
        self.entries = node?.entries ?? []
        pass.note(site)
        if let node, node.entries == nil, !node.isNull {
            let names = keys.map(\.name).joined(separator: ", ")
            pass.report(.init(.wrongType, site, "expected a mapping, this is \(node.shapeInWords)", hint: "it may hold: \(names)"))
        }
        for entry in entries where !keys.contains(where: { $0.name == entry.key }) { reportUnknown(entry) }
    }

    var site: SettingsProblem.Site { .init(path, origin) }

    /// The node under a key; nil when the key is left out or empty.
    func node(_ key: String) -> LocatedNode? {
        precondition(keys.contains { $0.name == key }, "the schema has no such key here")
        guard let node = entries.first(where: { $0.key == key })?.value, !node.isNull else { return nil }
        return node
    }

    /// Whether a key is written with a value.
    func has(_ key: String) -> Bool { node(key) != nil }

    func site(_ key: String) -> SettingsProblem.Site {
        .init(path.key(key), node(key)?.origin ?? .documentedDefault)
    }

    /// Where a key is written, or where it belongs.
    func siteOrSelf(_ key: String) -> SettingsProblem.Site {
        .init(path.key(key), node(key)?.origin ?? origin)
    }

    func report(_ kind: SettingsProblem.Kind, _ key: String, _ message: String, hint: String? = nil) {
        pass.report(SettingsProblem(kind, siteOrSelf(key), message, hint: hint))
    }

    /// A mapping below this one, which may be absent.
    func section(_ key: String) -> SectionReader {
        SectionReader(pass, site(key), node(key), keys: children(key))
    }

    /// The elements of a list of mappings; one reader per element, even for elements that aren't mappings.
    func items(_ key: String) -> [SectionReader] {
        guard let node = node(key) else {
            pass.record(site(key), "[]")
            return []
        }
        guard let elements = node.elements else {
            report(.wrongType, key, "expected a list, this is \(node.shapeInWords)", hint: "begin each entry with `- `")
            return []
        }
        if elements.isEmpty { pass.record(site(key), "[]") }
        pass.note(site(key))
        return elements.enumerated().map { index, element in
            let site = SettingsProblem.Site(path.key(key).index(index), element.origin)
            if element.isNull { pass.report(.init(.missing, site, "an empty entry", hint: "remove the `-` or write something behind it")) }
            return SectionReader(pass, site, element, keys: children(key))
        }
    }

    /// The entries of a mapping with free keys, by key.
    func table(_ key: String) -> [(name: String, reader: SectionReader)] {
        guard let node = node(key) else {
            pass.record(site(key), "{}")
            return []
        }
        guard let entries = node.entries else {
            report(.wrongType, key, "expected a mapping, this is \(node.shapeInWords)")
            return []
        }
        if entries.isEmpty { pass.record(site(key), "{}") }
        return entries.map { entry in
            // A key that is no valid name, or has no mapping, may be a value in the wrong place, so it is not put into a path that is printed.
            let name = NameGrammar.accepts(entry.key) && entry.value.hasContent && entry.value.entries != nil ? entry.key : "?"
            let site = SettingsProblem.Site(path.key(key).key(name), entry.keyOrigin)
            return (entry.key, SectionReader(pass, site, entry.value, keys: children(key)))
        }
    }

    private func children(_ key: String) -> [SchemaKey] {
        keys.first { $0.name == key }?.children ?? []
    }

    /// The key itself is named only if it is similar to a known one: `token:value` without the space would otherwise print the value.
    private func reportUnknown(_ entry: LocatedEntry) {
        let names = keys.map(\.name)
        let suggestion = DidYouMean(names).hint(for: entry.key)
        let homes = Schema.homes(of: entry.key).map { "`\($0)`" }
        // Nor is it named if it has a character that no name has: a terminal may obey it.
        let isNameable =
            suggestion != nil && entry.key.utf8.allSatisfy(NameGrammar.isNameByte)
            && names.contains { EditDistance.between($0, and: entry.key, limit: 2) != nil }
        let site = SettingsProblem.Site(isNameable || !homes.isEmpty ? path.key(entry.key) : path, entry.keyOrigin)
        let elsewhere = homes.isEmpty ? nil : "this key belongs under \(homes.joined(separator: " or "))"
        let all = "known here: \(names.joined(separator: ", "))"
        let message = site.path == path ? "unknown key" : "unknown key `\(entry.key)`"
        pass.report(.init(.unknownKey, site, message, hint: suggestion ?? elsewhere ?? all))
    }
}
