@testable import Catalogue

/// Lookups that tests need and the gateway does not.
extension Operation {
    /// The names of the path's parameters from left to right.
    var pathParameters: [String] {
        template.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The query parameter of this name, if the operation takes it.
    func queryParameter(named name: String) -> QueryParameter? { queryParameters.first { $0.name == name } }
}

extension OperationMatcher {
    static func match(_ method: OperationMethod, path: String) -> Operation? { match(method, path: path.utf8.span) }
}
