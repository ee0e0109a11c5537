/// A file of the catalogue that is generated from the document and committed next to the code that uses it.
package struct GeneratedFile: Sendable {
    /// The file's name in `Sources/Catalogue`.
    package let name: String
    package let text: String

    /// All of them, always identical for the same document.
    package static func all(fromYAML yaml: String) throws(DocumentProblem) -> [GeneratedFile] {
        [
            GeneratedFile(name: "Operations.generated.swift", text: try SwiftSource.catalogue(fromYAML: yaml)),
            GeneratedFile(name: "APIDescription.generated.swift", text: try embedding(yaml)),
        ]
    }

    /// The document itself as a literal, so that the gateway needs only one binary.
    private static func embedding(_ yaml: String) throws(DocumentProblem) -> String {
        // A raw literal with three signs: the document would have to contain the sequence that ends it.
        guard !yaml.contains("\"\"\"###"), !yaml.contains("\\###(") else { throw .unquotable }
        return """
            // Made by CatalogueGenerator from openapi.yaml, which is the place to change anything.
            // swift-format-ignore-file

            /// The description of the API, as GET /openapi.yaml on the admin port answers it.
            package enum APIDescription {
                package static let text: StaticString = ###\"\"\"
            \(yaml)
            \"\"\"###
            }

            """
    }
}
