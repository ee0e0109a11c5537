import CatalogueGenerator
import Testing

@Suite struct SwiftSourceTests {
    @Test func `makes from the document exactly the Swift that is committed`() throws {
        for file in try GeneratedFile.all(fromYAML: RepositoryFile.text(RepositoryFile.openAPI)) {
            let generated = file.text.split(separator: "\n")
            let committed = try RepositoryFile.text(RepositoryFile.generated(file.name)).split(separator: "\n")
            let difference = zip(generated, committed).first { $0 != $1 }
            #expect(
                generated.count == committed.count && difference == nil,
                """
                \(file.name) is not what openapi.yaml says. Run
                swift run CatalogueGenerator openapi.yaml Sources/Catalogue
                First difference: \(difference.map { "\($0) | \($1)" } ?? "the length")
                """)
        }
    }

    @Test(arguments: [
        ("operationId: A", "x-hss-kind: read", "no-such-kind: read", "x-hss-kind is missing"),
        ("operationId: A", "x-hss-kind: read", "x-hss-kind: delete", "x-hss-kind can't be delete"),
        ("operationId: A", "name: id, in: path", "name: other, in: path", "the path has the parameters [\"id\"]"),
        ("operationId: A", "#/components/responses/R", "#/components/responses/S", "nothing is at #/components/responses/S"),
        ("operationId: A", "explode: true, ", "", "tags is an array without explode: true"),
        ("operationId: A", "'query:password'", "'cookie:password'", "x-hss-secret-request-fields can't be cookie:password"),
        ("operationId: B", "operationId: B", "operationId: A", "operationId A is used twice"),
        ("operationId: B", "/v5/b/{other}", "/v5/a/{other}", "A and B can't be told apart"),
        ("operationId: A", "paths:", "paths: [", "not YAML"),
    ])
    func `refuses a document that would make a wrong table`(where: String, text: String, replacement: String, problem: String) throws {
        #expect(Self.document.contains(text))
        _ = try SwiftSource.catalogue(fromYAML: Self.document)
        let error = #expect(throws: DocumentProblem.self) {
            try SwiftSource.catalogue(fromYAML: Self.document.replacing(text, with: replacement))
        }
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    private static let document = """
        paths:
          /v5/a/{id}:
            get:
              operationId: A
              x-hss-kind: read
              x-hss-secret-request-fields: ['query:password']
              parameters:
                - { name: id, in: path, schema: { type: string } }
                - { name: tags, in: query, explode: true, schema: { type: array, items: { type: string } } }
                - { name: password, in: query, schema: { type: string } }
              responses:
                '200': { $ref: '#/components/responses/R' }
          /v5/b/{other}:
            get:
              operationId: B
              x-hss-kind: write
              parameters:
                - { name: other, in: path, schema: { type: string } }
              responses:
                '200': { description: a file }
        components:
          responses:
            R:
              content:
                application/json: {}
        """
}
