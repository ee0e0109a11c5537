extension ProjectSettings {
    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        identifier = reader.optional("id", .projectIdentifier)
        region = reader.required("region", .nameOf("a region, e.g. cn-north-4"), placeholder: "")
        credentials = Self.credentials(reader)
        enterpriseProject = reader.read("enterprise_project_id", .enterpriseProject, default: "0")
        otherRegions = reader.list("regions", .nameOf("a region, e.g. cn-north-4"), default: [])
    }

    /// Maximum number of credentials of one project; more can't be maintained.
    static let credentialBound = 16

    /// One under `credential`, or several under `credentials` that share the load; a list under `credential` means the same.
    private static func credentials(_ reader: SectionReader) -> [String] {
        let isList = reader.has("credentials") || reader.node("credential")?.elements != nil
        guard isList else { return [reader.required("credential", .nameOf("a credential"), placeholder: "")] }
        if reader.has("credentials"), reader.has("credential") {
            reader.report(.conflict, "credentials", "`credential` and `credentials` are both there", hint: "keep one of them")
        }
        let key = reader.has("credentials") ? "credentials" : "credential"
        let names = reader.list(key, .nameOf("a credential"), default: [])
        if reader.node(key)?.elements?.isEmpty == true { reader.report(.missing, key, "no credential is named", hint: "name at least one") }
        if names.count > credentialBound { reader.report(.invalidValue, key, "at most \(credentialBound) credentials can share the load") }
        if Set(names).count < names.count { reader.report(.conflict, key, "a credential stands here twice") }
        return names.isEmpty ? [""] : names
    }
}
