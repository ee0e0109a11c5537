/// The anchors: words, and mappings of one key each, in one list.
extension AuditSettings.Anchor {
    static func anchors(_ reader: SectionReader) -> [AuditSettings.Anchor] {
        var anchors = [AuditSettings.Anchor.standardError]
        if let node = reader.node("anchors") {
            guard let elements = node.elements else {
                let hint = "put square brackets around them, as in [stderr, { file: /mnt/other/checkpoints }]"
                reader.report(.wrongType, "anchors", "expected a list, this is \(node.shapeInWords)", hint: hint)
                return []
            }
            anchors = elements.enumerated().compactMap { index, element in
                anchor(element, reader, SettingsProblem.Site(reader.path.key("anchors").index(index), element.origin))
            }
        }
        reader.pass.record(reader.site("anchors"), "[" + anchors.map(\.text).joined(separator: ", ") + "]")
        return anchors
    }

    private static func anchor(_ node: LocatedNode, _ reader: SectionReader, _ site: SettingsProblem.Site) -> AuditSettings.Anchor? {
        reader.pass.note(site)
        if node.scalar?.text == "stderr" { return .standardError }
        guard node.entries != nil else {
            let hint = "write `stderr`, or `{ file: /mnt/other/checkpoints }`"
            reader.pass.report(.init(.invalidValue, site, "this is no anchor for checkpoints", hint: hint))
            return nil
        }
        let keys = reader.keys.first { $0.name == "anchors" }?.children ?? []
        let section = SectionReader(reader.pass, site, node, keys: keys)
        guard let place = section.node("file") else {
            section.report(.missing, "file", "the anchor names no place", hint: "known here: \(keys.map(\.name).joined(separator: ", "))")
            return nil
        }
        guard let scalar = place.scalar, !scalar.text.isEmpty, scalar.text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            section.report(.wrongType, "file", "expected the path of a file")
            return nil
        }
        let path = reader.pass.absolute(scalar.text, place.origin)
        reader.pass.require(path, .madeOnStart, section.site("file"))
        return .file(path: path)
    }

    private var text: String {
        switch self {
        case .standardError: "stderr"
        case .file(let path): "{ file: \(YAMLText.quote(path)) }"
        }
    }
}
