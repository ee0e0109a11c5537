package import Catalogue

/// What a request calls an export task or file, with the bytes that stand for it once the target is decoded. How such names compare is no business
/// of who reads them: each memory of owners takes a name for every id that a lenient reader may take it for.
package enum ExportName: Sendable, Hashable {
    case task(String)
    case file(String)
    /// The request may be about any task of the project.
    case any

    private static let taskParameter = "task_id"
    private static let foldedTaskParameter: StaticString = "taskid"
    private static let fileParameter = "file_id"

    /// What a target that was matched to an operation names; more than one when the query repeats the parameter. Nil when the operation is about no
    /// existing task.
    package static func all(in target: RequestTarget, of operation: Operation) -> [ExportName]? {
        switch operation.exportStep {
        case .create, nil:
            return nil
        case .poll:
            let named =
                target.text(ofPathParameter: taskParameter, of: operation).map { [$0] } ?? target.values(ofQueryParametersLike: foldedTaskParameter)
            return named.isEmpty ? [.any] : named.map { .task($0) }
        case .download:
            return [target.text(ofPathParameter: fileParameter, of: operation).map { .file($0) } ?? .any]
        }
    }
}

extension RequestTarget {
    fileprivate func text(ofPathParameter name: String, of operation: Operation) -> String? {
        operation.range(ofPathParameter: name, in: bytes.span.extracting(pathRange)).map { PercentCoding.decoded(bytes[$0]) }
    }

    /// The decoded values of every query parameter that a lenient server may take for this one, those that are not empty.
    fileprivate func values(ofQueryParametersLike folded: StaticString) -> [String] {
        bytes[queryRange].split(separator: UInt8(ascii: "&")).compactMap { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), FoldedName(DecodedBytes(canonical: pair[..<equals])) == folded else {
                return nil
            }
            let value = PercentCoding.decoded(pair[(equals + 1)...])
            return value.isEmpty ? nil : value
        }
    }
}
