/// Writes the tables as Swift, always the same text for the same document.
///
/// The tables are literals of numbers and of short texts, never of structs with initializers: the compiler type-checks
/// them in seconds and, with optimization, lays them out as constant data, so nothing is initialised when the program
/// starts.
package struct SwiftSource {
    private static let lineLength = 120

    private var text = ""

    /// The contents of `Operations.generated.swift` for an OpenAPI document.
    package static func catalogue(fromYAML yaml: String) throws(DocumentProblem) -> String {
        let operations = try OpenAPIDocument(yaml: yaml).operations()
        let tables = OperationTables(operations)
        let trie = TrieTables(try SegmentTrie(operations))
        let sizes = [
            tables.rows.count, tables.pathParameters.count, tables.queryParameters.count, trie.nodes.count, trie.labels.utf8.count,
        ]
        guard sizes.allSatisfy({ $0 < OperationTables.none }) else { throw .tooLarge("a table") }

        var source = SwiftSource()
        source.write(operations, tables)
        source.write(trie)
        return source.text
    }

    private mutating func write(_ operations: [DescribedOperation], _ tables: OperationTables) {
        line("// Made by CatalogueGenerator from openapi.yaml, which is the place to change anything.")
        line("// swift-format-ignore-file")
        line("")
        line("/// Every operation as numbers, in the order of the operations' names.")
        line("enum OperationTable {")
        line("    static let count = \(operations.count)")
        line("    /// Means \"none\" where a number stands for an operation or a branch.")
        line("    static let none: UInt16 = \(OperationTables.none)")
        line("")
        strings("names", operations.map(\.name))
        strings("templates", operations.map(\.template))
        strings("parameterNames", tables.parameterNames.names)
        strings("secretNames", tables.secretNames.names)
        columns("Column", OperationTables.columns)
        rows("rows", tables.rows, comments: operations.map(\.name))
        numbers("pathParameterNames", tables.pathParameters.map(\.name))
        numbers("pathParameterSegments", tables.pathParameters.map(\.segment))
        numbers("queryParameterNames", tables.queryParameters.map(\.name))
        numbers("queryParameterRepeats", tables.queryParameters.map(\.repeats))
        numbers("secretRequestPlaces", tables.secretRequestFields.map(\.place))
        numbers("secretRequestNames", tables.secretRequestFields.map(\.name))
        numbers("secretResponseNames", tables.secretResponseFields)
        line("}")
    }

    private mutating func write(_ trie: TrieTables) {
        line("")
        line("/// The paths of all operations as a tree of segments; row 0 is the root.")
        line("enum PathTrie {")
        columns("NodeColumn", TrieTables.nodeColumns)
        rows("nodes", trie.nodes, comments: [])
        columns("EdgeColumn", TrieTables.edgeColumns)
        rows("edges", trie.edges, comments: [])
        line("    static let labels: StaticString = \"\(trie.labels)\"")
        line("}")
    }

    private mutating func columns(_ name: String, _ columns: [String]) {
        line("    enum \(name) {")
        for (index, column) in columns.enumerated() { line("        static let \(column) = \(index)") }
        line("        static let count = \(columns.count)")
        line("    }")
        line("")
    }

    private mutating func strings(_ name: String, _ values: [String]) {
        line("    static let \(name): [String] = [")
        for value in values { line("        \"\(value)\",") }
        line("    ]")
        line("")
    }

    private mutating func rows(_ name: String, _ rows: [[Int]], comments: [String]) {
        line("    static let \(name): [UInt16] = [")
        for (index, row) in rows.enumerated() {
            let comment = index < comments.count ? "  // \(comments[index])" : ""
            line("        " + row.map { "\($0)," }.joined(separator: " ") + comment)
        }
        line("    ]")
        line("")
    }

    private mutating func numbers(_ name: String, _ values: [Int]) {
        line("    static let \(name): [UInt16] = [")
        var current = "       "
        for value in values {
            if current.utf8.count > Self.lineLength {
                line(current)
                current = "       "
            }
            current += " \(value),"
        }
        line(current)
        line("    ]")
        line("")
    }

    private mutating func line(_ line: String) { text += line + "\n" }
}
