package import Catalogue

/// Which export task or file a request names.
package enum ExportReference: Sendable, Hashable {
    /// Tasks by id; more than one when the query repeats the parameter.
    case tasks([String])
    case file(String)
    /// The operation answers about a task that the request doesn't name.
    case unnamed

    private static let taskParameter = "task_id"
    private static let foldedTaskParameter: StaticString = "taskid"
    private static let fileParameter = "file_id"

    /// What a target that was matched to an operation names; nil when the operation is about no existing task.
    package init?(_ target: RequestTarget, of operation: Operation) {
        switch operation.exportStep {
        case .create, nil:
            return nil
        case .poll:
            let named =
                target.text(ofPathParameter: Self.taskParameter, of: operation).map { [$0] }
                ?? target.values(ofQueryParametersLike: Self.foldedTaskParameter)
            self = named.isEmpty ? .unnamed : .tasks(named)
        case .download:
            self = target.text(ofPathParameter: Self.fileParameter, of: operation).map { .file($0) } ?? .unnamed
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
