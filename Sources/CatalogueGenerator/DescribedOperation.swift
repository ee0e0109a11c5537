/// One operation as described in the OpenAPI document, with everything that is derived from it.
package struct DescribedOperation: Equatable {
    /// The values that the document may use, in the order of their numbers in the tables.
    package enum Vocabulary {
        package static let methods = ["get", "post", "put", "delete"]
        package static let kinds = ["read", "write", "export", "download"]
        package static let requestBodies = ["none", "object", "array", "multipart"]
        package static let exportSteps = ["none", "create", "poll", "download"]
        package static let secretPlaces = ["header", "query", "body"]
    }

    package struct PathParameter: Equatable {
        package let name: String
        /// Position of the segment in the path, from 0.
        package let segment: Int
    }

    package struct QueryParameter: Equatable {
        package let name: String
        package let repeats: Bool
    }

    package struct SecretRequestField: Equatable {
        /// `header`, `query` or `body`.
        package let place: String
        package let name: String
    }

    package let name: String
    package let method: String
    package let template: String
    package let kind: String
    package let pathParameters: [PathParameter]
    package let queryParameters: [QueryParameter]
    package let headerParameters: [String]
    /// `none`, `object`, `array` or `multipart`.
    package let requestBody: String
    /// `none`, `create`, `poll` or `download`.
    package let exportStep: String
    package let secretRequestFields: [SecretRequestField]
    package let secretResponseFields: [String]

    package var segments: [Substring] { template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) }
    package var hasProject: Bool { pathParameters.contains { $0.name == "project_id" } }
    package var takesEnterpriseProject: Bool { queryParameters.contains { $0.name == "enterprise_project_id" } }
    package var takesRegion: Bool { headerParameters.contains("region") }
}
