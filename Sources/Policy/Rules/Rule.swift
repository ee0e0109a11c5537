package import Catalogue

/// One rule of the policy. A selector that is nil matches everything.
package struct Rule: Sendable {
    package enum Action: String, Sendable {
        case allow
        case deny
        /// On trial: allows the request; the record says that it would have been refused.
        case log

        var letsThrough: Bool { self != .deny }
    }

    package let name: String
    package let action: Action
    /// Callers by index; nil for `*`.
    let callers: Set<Int>?
    /// Operations by their dense index; nil when the rule doesn't name operations.
    let operations: OperationSet?
    let kinds: Set<OperationKind>?
    let methods: Set<OperationMethod>?
    /// Projects by position; nil when the rule doesn't name projects.
    let projects: Set<Int>?
    /// Enterprise projects by id. An allowing rule, or one that only logs, covers a request that accesses one of them and nothing else; a denying
    /// rule also covers `all_granted_eps`, which includes them.
    let enterpriseProjects: Set<String>?
    let hours: Hours?
    /// Whose export tasks an allowing rule covers; a denying rule covers all callers' tasks.
    let tasks: TaskStanding.Scope

    package init(
        name: String, action: Action, selecting selection: Selection
    ) {
        self.name = name
        self.action = action
        self.callers = selection.callers
        self.operations = selection.operations
        self.kinds = selection.kinds
        self.methods = selection.methods
        self.projects = selection.projects
        self.enterpriseProjects = selection.enterpriseProjects
        self.hours = selection.hours
        self.tasks = selection.tasks
    }

    /// What a rule applies to; a member that is nil matches everything.
    package struct Selection: Sendable {
        package var callers: Set<Int>?
        package var operations: OperationSet?
        package var kinds: Set<OperationKind>?
        package var methods: Set<OperationMethod>?
        package var projects: Set<Int>?
        package var enterpriseProjects: Set<String>?
        package var hours: Hours?
        package var tasks = TaskStanding.Scope.unclaimed

        package init() {}
    }

    /// Whether an operation is selected by name, kind and method.
    func covers(_ operation: Operation) -> Bool {
        if let operations, !operations.contains(operation) { return false }
        if let kinds, !kinds.contains(operation.kind) { return false }
        if let methods, !methods.contains(operation.method) { return false }
        return true
    }
}
