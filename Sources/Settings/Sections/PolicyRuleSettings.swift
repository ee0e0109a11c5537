/// The kinds of operations, in the contract's words.
package enum KindWord: String, Sendable, Hashable, CaseIterable {
    case read
    case write
    case export
    case download
}

/// The methods that occur in the API.
package enum MethodWord: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case patch = "PATCH"
}

/// One rule of the policy; nil in a criterion means that it doesn't narrow.
package struct PolicyRuleSettings: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable, CaseIterable {
        case allow
        case deny
        /// Records what it would have refused, and lets it through.
        case log
    }

    package let name: String
    /// Names of callers; nil also stands for `*`.
    package let callers: [String]?
    package let operations: [OperationPattern]?
    package let kinds: [KindWord]?
    package let methods: [MethodWord]?
    /// Names of projects; nil also stands for `*`.
    package let projects: [String]?
    package let enterpriseProjects: [String]?
    package let hours: PolicyHours?
    /// Whose export tasks an allowing rule covers.
    package let tasks: TaskWord
    package let action: Action
}
