extension OpenAPIDocument {
    /// Every operation of the document in the order of its names, which is the order of the tables.
    package func operations() throws(DocumentProblem) -> [DescribedOperation] {
        var found: [DescribedOperation] = []
        guard let paths = try root.required("paths").mapping else { throw .missing(key: "paths", line: root.line) }
        for path in paths {
            for method in DescribedOperation.Vocabulary.methods {
                guard let operation = path.value[method] else { continue }
                found.append(try describe(operation, method: method, path: path.key.string ?? "", item: path.value))
            }
        }
        found.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (operation, next) in zip(found, found.dropFirst()) where operation.name == next.name {
            throw .duplicateOperation(operation.name)
        }
        return found
    }

    private func describe(_ operation: Node, method: String, path: String, item: Node) throws(DocumentProblem) -> DescribedOperation {
        let name = try operation.requiredText("operationId")
        let parameters = try parameters(of: item) + parameters(of: operation)
        let answer = try resolve(operation.required("responses").required("200"))
        return DescribedOperation(
            name: name, method: method, template: path,
            kind: try operation.word("x-hss-kind", of: DescribedOperation.Vocabulary.kinds),
            pathParameters: try pathParameters(of: path, described: parameters.filter { $0.place == "path" }.map(\.name), operation: name),
            queryParameters: try queryParameters(in: parameters, operation: name),
            headerParameters: parameters.filter { $0.place == "header" }.map(\.name),
            requestBody: try requestBody(of: operation),
            exportStep: answer["x-hss-export-step"] == nil
                ? "none" : try answer.word("x-hss-export-step", of: DescribedOperation.Vocabulary.exportSteps),
            secretRequestFields: try secretRequestFields(of: operation),
            secretResponseFields: operation.texts("x-hss-secret-response-fields"))
    }

    private struct Parameter {
        let name: String
        let place: String
        let isArray: Bool
        let explodes: Bool
    }

    private func parameters(of node: Node) throws(DocumentProblem) -> [Parameter] {
        var found: [Parameter] = []
        for entry in node["parameters"]?.sequence ?? [] {
            let parameter = try resolve(entry)
            found.append(
                Parameter(
                    name: try parameter.requiredText("name"),
                    place: try parameter.word("in", of: ["path", "query", "header"]),
                    isArray: try resolve(parameter.required("schema"))["type"]?.string == "array",
                    explodes: parameter["explode"]?.bool == true))
        }
        return found
    }

    private func pathParameters(
        of path: String, described: [String], operation: String
    ) throws(DocumentProblem) -> [DescribedOperation.PathParameter] {
        let inPath = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).enumerated().compactMap { index, segment in
            segment.first == "{" && segment.last == "}"
                ? DescribedOperation.PathParameter(name: String(segment.dropFirst().dropLast()), segment: index) : nil
        }
        guard inPath.map(\.name).sorted() == described.sorted() else {
            throw .pathParameters(operation: operation, template: inPath.map(\.name), described: described)
        }
        return inPath
    }

    private func queryParameters(
        in parameters: [Parameter], operation: String
    ) throws(DocumentProblem) -> [DescribedOperation.QueryParameter] {
        let query = parameters.filter { $0.place == "query" }
        if let bare = query.first(where: { $0.isArray && !$0.explodes }) {
            throw .notExploded(operation: operation, parameter: bare.name)
        }
        return query.map { DescribedOperation.QueryParameter(name: $0.name, repeats: $0.isArray) }
    }

    private func requestBody(of operation: Node) throws(DocumentProblem) -> String {
        guard let body = operation["requestBody"] else { return "none" }
        let content = try resolve(body).required("content")
        if content["multipart/form-data"] != nil { return "multipart" }
        let schema = try resolve(content.required("application/json").required("schema"))
        return try schema.word("type", of: ["object", "array"])
    }

    private func secretRequestFields(of operation: Node) throws(DocumentProblem) -> [DescribedOperation.SecretRequestField] {
        var fields: [DescribedOperation.SecretRequestField] = []
        for text in operation.texts("x-hss-secret-request-fields") {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, DescribedOperation.Vocabulary.secretPlaces.contains(String(parts[0])) else {
                throw .unexpected(value: text, key: "x-hss-secret-request-fields", line: operation.line)
            }
            fields.append(.init(place: String(parts[0]), name: String(parts[1])))
        }
        return fields
    }
}

extension Node {
    /// The text under `key`, which must be one of `words`.
    fileprivate func word(_ key: String, of words: [String]) throws(DocumentProblem) -> String {
        let text = try requiredText(key)
        guard words.contains(text) else { throw .unexpected(value: text, key: key, line: line) }
        return text
    }
}
