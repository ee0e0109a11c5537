import CatalogueGenerator
import Testing

@Suite struct OpenAPIDocumentTests {
    let document: OpenAPIDocument

    init() throws { document = try OpenAPIDocument(yaml: RepositoryFile.text(RepositoryFile.openAPI)) }

    @Test(
        .enabled(if: PythonValidator.isInstalled, "needs openapi-spec-validator from PyPI"), .timeLimit(.minutes(10)))
    func `is valid for the reference validator`() throws {
        let verdict = try PythonValidator.validate(RepositoryFile.openAPI)
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    @Test func `says that it is OpenAPI 3_1 and needs no credential from callers`() {
        #expect(document.root["openapi"]?.string == "3.1.0")
        #expect(document.root["security"]?.sequence?.isEmpty == true)
    }

    @Test func `has something behind every reference`() throws {
        var pending = [document.root]
        var references = 0
        while let node = pending.popLast() {
            if node["$ref"] != nil {
                _ = try document.resolve(node)
                references += 1
            }
            pending += node.mapping.map { $0.map(\.value) } ?? node.sequence ?? []
        }
        #expect(references > 2000)
    }

    @Test func `has no component that nothing uses`() throws {
        var used: Set<String> = []
        var pending = [document.root]
        while let node = pending.popLast() {
            if let reference = node["$ref"]?.string { used.insert(reference) }
            pending += node.mapping.map { $0.map(\.value) } ?? node.sequence ?? []
        }
        for section in try document.root.required("components").mapping ?? [] {
            for component in section.value.mapping ?? [] {
                #expect(used.contains("#/components/\(section.key.string ?? "")/\(component.key.string ?? "")"))
            }
        }
    }

    @Test func `gives every operation a summary, a declared tag and both kinds of answer`() throws {
        let tags = Set((document.root["tags"]?.sequence ?? []).compactMap { $0["name"]?.string })
        var used: Set<String> = []
        for operation in try operationNodes() {
            let name = try operation.requiredText("operationId")
            #expect(try !operation.requiredText("summary").isEmpty, "\(name)")
            #expect(operation.texts("tags").count == 1, "\(name)")
            used.formUnion(operation.texts("tags"))
            let responses = try operation.required("responses")
            _ = try document.resolve(responses.required("200"))
            #expect(try responses.required("default")["$ref"]?.string == "#/components/responses/Error", "\(name)")
        }
        #expect(used == tags)
    }

    @Test func `lets callers give every operation a request id and a reason`() throws {
        for path in try document.root.required("paths").mapping ?? [] {
            let names = try (path.value["parameters"]?.sequence ?? []).map { try document.resolve($0).requiredText("name") }
            #expect(Set(names).isSuperset(of: ["X-Request-Id", "X-Audit-Reason"]), "\(path.key.string ?? "")")
        }
    }

    @Test func `offers an idempotency key exactly where an export task is created`() throws {
        for operation in try document.operations() {
            #expect(operation.headerParameters.contains("Idempotency-Key") == (operation.exportStep == "create"), "\(operation.name)")
        }
    }

    @Test(arguments: ["JSON", "File", "ExportTaskCreated", "ExportTaskState", "ExportedFile", "Error"])
    func `names the gateway's headers in every answer`(response: String) throws {
        let headers = try document.root.required("components").required("responses").required(response).required("headers")
        for name in ["X-Request-Id", "Audit-Id", "X-HSSGW-Source"] { _ = try document.resolve(headers.required(name)) }
    }

    private func operationNodes() throws -> [Node] {
        try (document.root.required("paths").mapping ?? []).flatMap { path in DescribedOperation.Vocabulary.methods.compactMap { path.value[$0] } }
    }
}
