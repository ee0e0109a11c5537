/// What a JSON request body says about enterprise projects, and the proof that it is JSON at all.
///
/// No documented request body holds `enterprise_project_id`, but it is unknown what the servers do with one. So each body is checked by the same
/// rules as a query, at any depth, and the policy checks every value found.
package struct EnterpriseProjectScan: Sendable, Equatable {
    /// How deep objects and arrays may be nested: one bit each in a machine word. Documented bodies have 6 levels.
    package static let maximumDepth = 64

    /// The most values that are collected.
    package static let maximumValues = 64

    /// The values of every `enterprise_project_id` in the body, in their order. A `null` counts as absent.
    package let enterpriseProjects: [String]

    /// Reads a whole body; it must be one JSON value (RFC 8259) in UTF-8.
    package init(json: Span<UInt8>) throws(JSONFault) {
        var scanner = JSONScanner()
        try scanner.scan(json)
        enterpriseProjects = scanner.enterpriseProjects
    }
}
