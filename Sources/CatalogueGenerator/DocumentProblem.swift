/// Why no Swift can be generated from the OpenAPI document. Lines are those of the document, from 1.
package enum DocumentProblem: Error, Equatable {
    case notYAML(String)
    case missing(key: String, line: Int)
    case unexpected(value: String, key: String, line: Int)
    case unresolvedReference(String, line: Int)
    case duplicateOperation(String)
    /// Two operations whose method and path differ only in the names of the parameters.
    case sameTemplate(String, String)
    /// The path has a parameter that is not described, or the reverse.
    case pathParameters(operation: String, template: [String], described: [String])
    /// A value may repeat, but the document does not say `explode: true`, which is how HSS's clients send it.
    case notExploded(operation: String, parameter: String)
    case tooLarge(String)
    /// The document contains the characters that end a Swift literal.
    case unquotable
}

extension DocumentProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notYAML(let reason): "not YAML: \(reason)"
        case .missing(let key, let line): "line \(line): \(key) is missing"
        case .unexpected(let value, let key, let line): "line \(line): \(key) can't be \(value)"
        case .unresolvedReference(let reference, let line): "line \(line): nothing is at \(reference)"
        case .duplicateOperation(let name): "operationId \(name) is used twice"
        case .sameTemplate(let first, let second): "\(first) and \(second) can't be told apart"
        case .pathParameters(let operation, let template, let described):
            "\(operation): the path has the parameters \(template), the document describes \(described)"
        case .notExploded(let operation, let parameter): "\(operation): \(parameter) is an array without explode: true"
        case .unquotable: "the document can't be embedded: it holds what ends a Swift literal"
        case .tooLarge(let table): "\(table) has more entries than 16 bits can number"
        }
    }
}
