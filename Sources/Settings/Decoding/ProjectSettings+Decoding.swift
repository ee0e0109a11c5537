extension ProjectSettings {
    init(_ reader: SectionReader) {
        name = reader.required("name", .name, placeholder: "")
        identifier = reader.optional("id", .projectIdentifier)
        region = reader.required("region", .nameOf("a region, e.g. cn-north-4"), placeholder: "")
        credential = reader.required("credential", .nameOf("a credential"), placeholder: "")
        enterpriseProject = reader.read("enterprise_project_id", .enterpriseProject, default: "0")
    }
}
