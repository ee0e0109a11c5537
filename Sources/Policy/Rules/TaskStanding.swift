/// Whose export task a request is about.
package enum TaskStanding: Sendable, Hashable {
    /// Whose export tasks an allowing rule covers.
    package enum Scope: String, Sendable, CaseIterable {
        /// Only the caller's own.
        case own
        /// All but those that other callers created.
        case unclaimed
        /// The tasks of all callers.
        case any

        func covers(_ standing: TaskStanding) -> Bool {
            switch standing {
            case .none, .own: true
            case .unclaimed: self != .own
            case .others: self == .any
            }
        }
    }

    /// The request is about no existing task.
    case none
    /// The caller created it.
    case own
    /// Only other callers created it.
    case others
    /// No caller of this gateway is known to have created it.
    case unclaimed
}
