extension PolicyRuleSettings {
    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        callers = Self.names(reader, "callers", "a caller")
        operations = reader.list("operations", .operationPattern)
        kinds = reader.list("kinds", .word)
        methods = reader.list("methods", .word)
        projects = Self.names(reader, "projects", "a project")
        enterpriseProjects = reader.list("enterprise_projects", .enterpriseProject)
        hours = reader.has("hours") ? PolicyHours(reader.section("hours")) : nil
        tasks = reader.read("tasks", .word, default: .unclaimed)
        action = reader.required("action", .word, placeholder: .deny)
        for key in ["callers", "operations", "kinds", "methods", "projects", "enterprise_projects"] where reader.node(key)?.elements?.isEmpty == true
        {
            reader.report(
                .invalidValue, key, "an empty list fits nothing, so this rule would never apply", hint: "name something or remove the key")
        }
    }

    /// Nil for all: if the key is absent, or `*`.
    private static func names(_ reader: SectionReader, _ key: String, _ noun: String) -> [String]? {
        guard let names = reader.list(key, .nameOf("\(noun), or \"*\"")), !names.contains("*") else { return nil }
        return names
    }
}
