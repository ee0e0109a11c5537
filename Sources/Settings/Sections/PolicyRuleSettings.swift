/// One rule of the policy; a criterion that is nil matches everything.
package struct PolicyRuleSettings: Sendable, Hashable {
    /// Whose export tasks a rule covers.
    package enum TaskScope: String, Sendable, Hashable, CaseIterable {
        case own
        case unclaimed
        case any
    }

    package enum Action: String, Sendable, Hashable, CaseIterable {
        case allow
        case deny
        /// Allows requests that it would have refused, and records that.
        case log
    }

    package let name: String
    /// Names of callers; nil also stands for `*`.
    package let callers: [String]?
    package let operations: [OperationPattern]?
    package let kinds: [Vocabulary.Kind]?
    package let methods: [Vocabulary.Method]?
    /// Names of projects; nil also stands for `*`.
    package let projects: [String]?
    package let enterpriseProjects: [String]?
    package let hours: PolicyHours?
    /// Whose export tasks an allowing rule covers.
    package let tasks: TaskScope
    package let action: Action
}
