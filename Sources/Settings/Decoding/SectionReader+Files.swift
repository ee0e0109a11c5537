extension SectionReader {
    /// The longest path that Linux accepts (PATH_MAX without its terminator).
    private static let longestPath = 4095
    /// The longest path of a Unix socket (sun_path without its terminator, unix(7)).
    private static let longestSocketPath = 107

    /// An optional path, made absolute and noted for the check of files.
    func file(_ key: String, _ role: FileRequirement.Role) -> String? {
        guard let node = node(key) else {
            pass.record(site(key), "null")
            return nil
        }
        return path(node, site(key), role)
    }

    /// A path with a default.
    func file(_ key: String, _ role: FileRequirement.Role, default fallback: String) -> String {
        guard let node = node(key) else {
            let absolute = pass.absolute(fallback, .documentedDefault)
            pass.record(site(key), YAMLText.quote(absolute))
            pass.require(absolute, role, site(key))
            return absolute
        }
        return path(node, site(key), role) ?? fallback
    }

    /// A required path.
    func requiredFile(_ key: String, _ role: FileRequirement.Role) -> String {
        guard let node = node(key) else {
            report(.missing, key, "`\(key)` is missing", hint: "expected the path of a file")
            return ""
        }
        return path(node, site(key), role) ?? ""
    }

    private func path(_ node: LocatedNode, _ site: SettingsProblem.Site, _ role: FileRequirement.Role) -> String? {
        let longest = role == .socket ? Self.longestSocketPath : Self.longestPath
        guard let scalar = node.scalar, !scalar.text.isEmpty, scalar.text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            pass.report(.init(.wrongType, site, "expected the path of a file"))
            return nil
        }
        if StoreReference.isMeant(by: scalar.text) {
            guard let path = pass.storePath(scalar.text, role, site) else { return nil }
            pass.record(site, YAMLText.quote(scalar.text))
            return path
        }
        let absolute = pass.absolute(scalar.text, node.origin)
        guard absolute.utf8.count <= longest else {
            pass.report(.init(.invalidValue, site, "the path is longer than \(longest) bytes"))
            return nil
        }
        pass.record(site, YAMLText.quote(absolute))
        pass.require(absolute, role, site)
        return absolute
    }
}
