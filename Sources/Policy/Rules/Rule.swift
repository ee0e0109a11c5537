package import Catalogue

/// One rule of the policy. A selector that is nil matches everything.
package struct Rule: Sendable {
    package enum Action: String, Sendable { case allow, deny }

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
    }

    /// What a rule applies to; every part that is left out matches everything.
    package struct Selection: Sendable {
        package var callers: Set<Int>?
        package var operations: OperationSet?
        package var kinds: Set<OperationKind>?
        package var methods: Set<OperationMethod>?
        package var projects: Set<Int>?

        package init() {}
    }

    func matches(caller: Int, operation: Operation, project: Int) -> Bool {
        if let callers, !callers.contains(caller) { return false }
        if let operations, !operations.contains(operation) { return false }
        if let kinds, !kinds.contains(operation.kind) { return false }
        if let methods, !methods.contains(operation.method) { return false }
        if let projects, !projects.contains(project) { return false }
        return true
    }
}
