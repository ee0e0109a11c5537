/// The anchors: a list of words and mappings.
extension AuditSettings.Anchor {
    private static let examples = "`stderr`, `{ file: /mnt/other/checkpoints }`, or `{ type: http, endpoint: https://… }`"

    static func anchors(_ reader: SectionReader) -> [AuditSettings.Anchor] {
        guard let node = reader.node("anchors") else {
            reader.pass.record(reader.site("anchors"), "[stderr]")
            return [.standardError]
        }
        guard let elements = node.elements else {
            let hint = "put square brackets around them, as in [stderr, { file: /mnt/other/checkpoints }]"
            reader.report(.wrongType, "anchors", "expected a list, this is \(node.shapeInWords)", hint: hint)
            return []
        }
        if elements.isEmpty { reader.pass.record(reader.site("anchors"), "[]") }
        reader.pass.note(reader.site("anchors"))
        return elements.enumerated().compactMap { index, element in
            anchor(element, reader, SettingsProblem.Site(reader.path.key("anchors").index(index), element.origin))
        }
    }

    private static func anchor(_ node: LocatedNode, _ reader: SectionReader, _ site: SettingsProblem.Site) -> AuditSettings.Anchor? {
        if node.scalar?.text == "stderr" {
            reader.pass.record(site, "stderr")
            return .standardError
        }
        guard node.entries != nil else {
            reader.pass.report(.init(.invalidValue, site, "this is no anchor for checkpoints", hint: "write \(examples)"))
            return nil
        }
        let section = SectionReader(reader.pass, site, node, keys: reader.keys.first { $0.name == "anchors" }?.children ?? [])
        return section.has("file") ? file(section) : network(section)
    }

    private static func file(_ reader: SectionReader) -> AuditSettings.Anchor? {
        reader.refuseForeignKeys(own: ["file"], among: reader.keys.map(\.name), of: "an anchor in a file")
        let path = reader.requiredFile("file", .madeOnStart)
        return path.isEmpty ? nil : .file(path: path)
    }

    private static func network(_ reader: SectionReader) -> AuditSettings.Anchor? {
        guard let node = reader.node("type") else {
            reader.report(.missing, "type", "the anchor names no place", hint: "write \(examples)")
            return nil
        }
        guard let kind = reader.decode(node, reader.site("type"), ScalarKind<Kind>.word) else { return nil }
        let own = kind.keys + ["type", "name"]
        reader.refuseForeignKeys(own: own, among: reader.keys.map(\.name), of: "an anchor of type `\(kind.rawValue)`")
        let name = reader.read("name", .name, default: kind.rawValue)
        switch kind {
        case .http:
            guard let endpoint = reader.endpoint("endpoint", "a URL such as https://witness.example/checkpoints") else { return nil }
            return .http(
                name: name, endpoint: endpoint, headersFile: reader.file("headers_file", .secret),
                authorityFile: reader.file("ca_file", .authorities))
        case .syslog: return .syslog(name: name, AuditSettings.Shipping.Syslog(reader, longestMessage: AuditSettings.Shipping.usualMessage))
        case .postgresql: return .postgresql(name: name, urlFile: reader.requiredFile("url_file", .secret))
        }
    }
}

extension AuditSettings.Anchor.Kind {
    fileprivate var keys: [String] {
        switch self {
        case .http: ["endpoint", "headers_file", "ca_file"]
        case .syslog: ["address", "ca_file", "certificate_file", "private_key_file"]
        case .postgresql: ["url_file"]
        }
    }
}
