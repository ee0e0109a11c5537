/// The configuration file as a JSON Schema (draft 7), for editors and validators.
///
/// Nothing is defined twice: the keys come from `Schema`, and the type of a value comes from the message of its own reader. A schema finds fewer
/// faults than `config check`, which also compares values with each other.
package struct SettingsSchema {
    private let loader: SettingsLoader

    /// The schema as text, with a line end.
    package static func json(_ loader: SettingsLoader) -> String {
        let schema = SettingsSchema(loader: loader)
        var members: [(String, JSONValue)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")), ("title", .text("The configuration of hss-gateway")),
        ]
        members += schema.object(Schema.root, below: [], items: nil)
        return JSONValue.object(members).text(indentation: 0) + "\n"
    }

    /// Types that decide which keys of an item are read: each is tried.
    private static let types = [
        "", "aksk", "token", "iam_password", "agency", "oidc", "ecs_metadata", "pod_identity", "postgresql", "otlp", "syslog", "http",
    ]

    private func object(_ keys: [SchemaKey], below path: [SchemaKey], items list: SchemaKey?) -> [(String, JSONValue)] {
        var members: [(String, JSONValue)] = [("type", .texts(["object", "null"]))]
        if path.isEmpty { members[0] = ("type", .text("object")) }
        if let list {
            let required = required(in: list, below: Array(path.dropLast()))
            if !required.isEmpty { members.append(("required", .texts(required))) }
            members[0] = ("type", .text("object"))
        }
        members.append(("additionalProperties", .flag(false)))
        members.append(("properties", .object(keys.map { ($0.name, .object(value(of: $0, below: path))) })))
        return members
    }

    private func value(of key: SchemaKey, below path: [SchemaKey]) -> [(String, JSONValue)] {
        let own = path + [key]
        switch key.shape {
        case .value, .secret: return either(leaf(own), also: hasListForm(own) ? listOf(leaf(own)) : nil)
        case .list: return listOf(leaf(own))
        case .section(let keys): return object(keys, below: own, items: nil)
        case .wordOrSection(let keys): return either(leaf(own), also: object(keys, below: own, items: nil))
        case .namedItems(let keys), .items(let keys): return listOf(object(keys, below: own, items: key))
        case .wordsOrItems(let keys):
            let item: [(String, JSONValue)] = [
                ("anyOf", .array([.object([("type", .text("string"))]), .object(object(keys, below: own, items: nil))]))
            ]
            return listOf(item)
        case .table(let keys):
            return [("type", .texts(["object", "null"])), ("additionalProperties", .object(object(keys, below: own, items: nil)))]
        case .freeMapping:
            return [("type", .texts(["object", "null"])), ("additionalProperties", .object([("type", .texts(["string", "number", "boolean"]))]))]
        }
    }

    private func either(_ one: [(String, JSONValue)], also other: [(String, JSONValue)]?) -> [(String, JSONValue)] {
        guard let other else { return one }
        return [("anyOf", .array([.object(one), .object(other)]))]
    }

    private func listOf(_ item: [(String, JSONValue)]) -> [(String, JSONValue)] {
        [("type", .texts(["array", "null"])), ("items", .object(item))]
    }

    // MARK: - What readers expect

    /// The schema of a single value, from its reader's message.
    private func leaf(_ path: [SchemaKey]) -> [(String, JSONValue)] {
        let expected = expectation(of: path)
        var members: [(String, JSONValue)] = []
        if let expected { members.append(("description", .text(expected))) }
        if let words = expected.flatMap(Self.words) {
            let numbers = words.compactMap { Int($0) }.map { JSONValue.number($0) }
            return members + [("enum", .array(words.map { .text($0) } + numbers + [.null]))]
        }
        return members + Self.form(expected ?? "")
    }

    /// `one of a, b`: every word.
    private static func words(_ expected: String) -> [String]? {
        guard expected.hasPrefix("one of ") else { return nil }
        return expected.dropFirst("one of ".count).split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

    private static func form(_ expected: String) -> [(String, JSONValue)] {
        if expected == "true or false" { return [("type", .texts(["boolean", "null"]))] }
        if expected.hasPrefix("a whole number") { return [("type", .texts(["integer", "null"]))] }
        if expected.hasPrefix("a duration") { return text(pattern: "^[0-9]+(ms|s|m|h|d)$") }
        if expected.hasPrefix("a rate") { return text(pattern: "^[0-9]+/(s|min|h|d)$") }
        if expected.hasPrefix("a size") {
            return [("type", .texts(["string", "integer", "null"])), ("pattern", .text("^[0-9]+(GiB|MiB|KiB|GB|MB|kB|KB|B)?$"))]
        }
        return [("type", .texts(["string", "number", "boolean", "null"]))]
    }

    private static func text(pattern: String) -> [(String, JSONValue)] {
        [("type", .texts(["string", "null"])), ("pattern", .text(pattern))]
    }

    /// The message of a value's reader for an input that is never valid.
    private func expectation(of path: [SchemaKey]) -> String? {
        for value in ["{ a: b }", "[{ a: b }]", "nonsense"] {
            for type in Self.types {
                let problem = problems(of: path, value, type: type).first { problem in
                    problem.message.hasPrefix("expected ") && Self.names(problem.path) == path.map(\.name)
                }
                guard let problem else { continue }
                let text = problem.message.dropFirst("expected ".count)
                let end = text.firstRange(of: ", this is ")?.lowerBound ?? text.endIndex
                let expected = String(text[..<end])
                if expected != "a list" && expected != "a mapping" { return expected }
            }
        }
        return nil
    }

    /// Whether a value may also be written as a list: then its reader reports no problem for one.
    private func hasListForm(_ path: [SchemaKey]) -> Bool {
        !Self.types.contains { type in
            problems(of: path, "[a]", type: type).contains { $0.kind != .reference && Self.names($0.path) == path.map(\.name) }
        }
    }

    /// The keys that every item must have.
    private func required(in list: SchemaKey, below path: [SchemaKey]) -> [String] {
        func missing(_ item: String) -> [String] {
            let problems = problems(of: path + [list], "[\(item)]", type: "").filter { $0.kind == .missing }
            return problems.map { Self.names($0.path) }.filter { $0.count == path.count + 2 }.compactMap(\.last)
        }
        // The caller `anonymous` needs less than others; a key with an alternative key may be absent.
        let always = Set(missing("{ name: anonymous }") + ["name"])
        let others = Set(list.children.map(\.name))
        func hasTwin(_ name: String) -> Bool {
            [("\(name)s", "[a]"), ("\(name)_file", "a")].contains { twin, value in
                others.contains(twin) && !missing("{ \(twin): \(value) }").contains(name)
            }
        }
        return missing("{ }").filter { always.contains($0) && !hasTwin($0) }
    }

    private func problems(of path: [SchemaKey], _ value: String, type: String) -> [SettingsProblem] {
        let text = Self.document(path, value, type: type)
        let sources = SettingsSources(file: SettingsFile(path: "schema", text: text), environment: [:], workingDirectory: "/")
        return loader.problems(sources, looksAtFiles: false)
    }

    /// A document in flow style with only this key.
    private static func document(_ path: [SchemaKey], _ value: String, type: String) -> String {
        var inner = value
        for (depth, key) in path.enumerated().reversed() {
            let isLast = depth == path.count - 1
            switch key.shape {
            case .namedItems where !isLast, .items where !isLast, .wordsOrItems where !isLast:
                let typed = type.isEmpty ? inner : "{ type: \(type), " + inner.dropFirst(2)
                inner = "{ \(key.name): [\(typed)] }"
            case .table where !isLast: inner = "{ \(key.name): { cn-north-4: \(inner) } }"
            default: inner = "{ \(key.name): \(inner) }"
            }
        }
        return inner + "\n"
    }

    /// The keys of a path, without positions and free names.
    private static func names(_ path: SettingPath) -> [String] {
        path.steps.compactMap { step in
            if case .key(let name) = step, name != "cn-north-4" { name } else { nil }
        }
    }
}

/// A JSON value that keeps the order of its members.
private indirect enum JSONValue {
    case null
    case flag(Bool)
    case number(Int)
    case text(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }

    func text(indentation: Int) -> String {
        switch self {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .number(let number): "\(number)"
        case .text(let text): YAMLText.escaped(text)
        case .array(let values): "[\(values.map { $0.text(indentation: indentation) }.joined(separator: ", "))]"
        case .object(let members):
            members.isEmpty ? "{}" : "{\n\(Self.lines(members, indentation + 2))\n\(Self.blanks(indentation))}"
        }
    }

    private static func lines(_ members: [(String, JSONValue)], _ indentation: Int) -> String {
        members.map { "\(blanks(indentation))\(YAMLText.escaped($0)): \($1.text(indentation: indentation))" }.joined(separator: ",\n")
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
}
