package import Catalogue

/// The name by which a request refers to an export task or file, as the bytes of the decoded target. This type doesn't define how names compare: each
/// store of owners matches a name with every id that a lenient server may accept it for.
package enum ExportName: Sendable, Hashable {
    case task(String)
    case file(String)
    /// The request may be about any task of the project.
    case any

    private static let taskParameter = "task_id"
    private static let foldedTaskParameter: StaticString = "taskid"
    private static let fileParameter = "file_id"
    private static let foldedFileParameter: StaticString = "fileid"

    /// The names in a target that was matched to an operation; several if the query has the parameter again, in which a lenient server may look
    /// first. Nil if the operation is not about an existing task.
    package static func all(in target: RequestTarget, of operation: Operation) -> [ExportName]? {
        switch operation.exportStep {
        case .create, nil:
            return nil
        case .poll:
            let named = target.texts(ofParameter: taskParameter, foldedTaskParameter, of: operation)
            return named.isEmpty ? [.any] : named.map { .task($0) }
        case .download:
            let named = target.texts(ofParameter: fileParameter, foldedFileParameter, of: operation)
            return named.isEmpty ? [.any] : named.map { .file($0) }
        }
    }
}

extension RequestTarget {
    /// What stands in the path, and then in the query, for one parameter.
    fileprivate func texts(ofParameter name: String, _ folded: StaticString, of operation: Operation) -> [String] {
        (text(ofPathParameter: name, of: operation).map { [$0] } ?? []) + values(ofQueryParametersLike: folded)
    }

    private func text(ofPathParameter name: String, of operation: Operation) -> String? {
        operation.range(ofPathParameter: name, in: bytes.span.extracting(pathRange)).map { PercentCoding.decoded(bytes[$0]) }
    }

    /// The decoded, non-empty values of all query parameters that a lenient server may accept as this one.
    private func values(ofQueryParametersLike folded: StaticString) -> [String] {
        bytes[queryRange].split(separator: UInt8(ascii: "&")).compactMap { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), FoldedName(DecodedBytes(canonical: pair[..<equals])) == folded else {
                return nil
            }
            let value = PercentCoding.decoded(pair[(equals + 1)...])
            return value.isEmpty ? nil : value
        }
    }
}
