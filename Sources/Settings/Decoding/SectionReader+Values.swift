extension SectionReader {
    /// A value, or its default.
    func read<Value>(_ key: String, _ kind: ScalarKind<Value>, default fallback: Value) -> Value {
        guard let node = node(key) else {
            pass.record(site(key), kind.render(fallback))
            return fallback
        }
        return decode(node, site(key), kind) ?? fallback
    }

    /// An optional value.
    func optional<Value>(_ key: String, _ kind: ScalarKind<Value>) -> Value? {
        guard let node = node(key) else {
            pass.record(site(key), "null")
            return nil
        }
        return decode(node, site(key), kind)
    }

    /// A required value. A faulty or missing one is reported and `placeholder` returned.
    func required<Value>(_ key: String, _ kind: ScalarKind<Value>, placeholder: Value) -> Value {
        guard let node = node(key) else {
            report(.missing, key, "`\(key)` is missing", hint: "expected \(kind.expected)")
            return placeholder
        }
        return decode(node, site(key), kind) ?? placeholder
    }

    /// A list of values; nil when it's left out.
    func list<Value>(_ key: String, _ kind: ScalarKind<Value>) -> [Value]? {
        guard let values = listWithoutRecord(key, kind) else {
            pass.record(site(key), "null")
            return nil
        }
        pass.record(site(key), YAMLText.list(values.map(kind.render)))
        return values
    }

    /// A list of values, or its default.
    func list<Value>(_ key: String, _ kind: ScalarKind<Value>, default fallback: [Value]) -> [Value] {
        let values = listWithoutRecord(key, kind) ?? fallback
        pass.record(site(key), YAMLText.list(values.map(kind.render)))
        return values
    }

    private func listWithoutRecord<Value>(_ key: String, _ kind: ScalarKind<Value>) -> [Value]? {
        guard let node = node(key) else { return nil }
        guard let elements = node.elements else {
            let hint = "each entry is \(kind.expected); put square brackets around them"
            report(.wrongType, key, "expected a list, this is \(node.shapeInWords)", hint: hint)
            return nil
        }
        return elements.enumerated().compactMap { index, element in
            let site = SettingsProblem.Site(path.key(key).index(index), element.origin)
            pass.note(site)
            return parse(element, site, kind)
        }
    }

    /// Reads and records one node as a value of a type; nil, with a problem reported, if it is faulty.
    func decode<Value>(_ node: LocatedNode, _ site: SettingsProblem.Site, _ kind: ScalarKind<Value>) -> Value? {
        guard let value = parse(node, site, kind) else { return nil }
        pass.record(site, kind.render(value))
        return value
    }

    private func parse<Value>(_ node: LocatedNode, _ site: SettingsProblem.Site, _ kind: ScalarKind<Value>) -> Value? {
        guard let scalar = node.scalar else {
            pass.report(.init(.wrongType, site, "expected \(kind.expected), this is \(node.shapeInWords)"))
            return nil
        }
        do throws(ScalarFault) {
            return try kind.parse(scalar)
        } catch {
            pass.report(.init(error.kind, site, error.message ?? "expected \(kind.expected)", hint: error.hint))
            return nil
        }
    }
}
