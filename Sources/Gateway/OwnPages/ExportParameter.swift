package import Catalogue

/// A filter of an export: a parameter of its query or a field of its body, according to the API description.
package struct ExportParameter: Sendable, Equatable {
    /// Where HSS expects it.
    package enum Location: Sendable {
        case query
        case body
    }

    /// The type of a value, as JSON knows them.
    package enum Value: String, Sendable {
        case string, integer, number, boolean, array, object
    }

    package let name: String
    package let place: Location
    package let value: Value
    /// Of an array's elements.
    package let element: Value

    /// The parameters of the query, then the fields of the body.
    package static func all(of operation: Operation) -> [ExportParameter] {
        let lines = OperationDescriptions.text(of: operation)
        let query = operation.queryParameters.filter { $0.name != enterpriseProject }.map { parameter in
            let value = parameter.repeats ? .array : type(in: entry(of: parameter.name, in: lines))
            return ExportParameter(name: parameter.name, place: .query, value: value, element: .string)
        }
        return query + fields(in: body(of: lines))
    }

    private static let enterpriseProject = "enterprise_project_id"

    /// The lines of one parameter, up to the next.
    private static func entry(of name: String, in lines: [String]) -> String {
        guard let start = lines.firstIndex(where: { $0.contains("- { name: \(name),") || $0.hasSuffix("- name: \(name)") }) else { return "" }
        return lines[start] + lines[(start + 1)...].prefix { $0.hasPrefix("          ") }.joined(separator: "\n")
    }

    /// The lines of the body's schema, inline or by reference.
    private static func body(of lines: [String]) -> [String] {
        guard let start = lines.firstIndex(of: "      requestBody:") else { return [] }
        let own = lines[start...].prefix { !$0.hasPrefix("      responses:") }
        guard let reference = own.first(where: { $0.contains(schemas) }), let name = reference.firstRange(of: schemas) else { return Array(own) }
        return OperationDescriptions.schema(String(reference[name.upperBound...].prefix { $0.isLetter || $0.isNumber }))
    }

    private static let schemas = "#/components/schemas/"

    private static func fields(in lines: [String]) -> [ExportParameter] {
        guard let start = lines.firstIndex(where: { $0.hasSuffix("properties:") }) else { return [] }
        let indent = lines[start].prefix { $0 == " " }.count + 2
        let margin = String(repeating: " ", count: indent)
        var found: [ExportParameter] = []
        var index = start + 1
        while index < lines.count, lines[index].hasPrefix(margin) || lines[index].isEmpty {
            let line = lines[index].dropFirst(indent)
            index += 1
            guard let first = line.first, first != " ", let colon = line.firstIndex(of: ":") else { continue }
            // A field is described on its line or on the lines below it.
            let more = lines[index...].prefix { $0.hasPrefix(margin + " ") }
            let text = ([String(line)] + more).joined(separator: "\n")
            let value = type(in: text)
            let items = text.firstRange(of: "items:").map { type(in: String(text[$0.upperBound...])) } ?? .string
            found.append(ExportParameter(name: String(line[..<colon]), place: .body, value: value, element: items))
        }
        return found
    }

    private static func type(in text: String) -> Value {
        guard let key = text.firstRange(of: "type: ") else { return .string }
        return Value(rawValue: String(text[key.upperBound...].prefix { $0.isLetter })) ?? .string
    }
}
