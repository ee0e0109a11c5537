import Audit

/// What became of an export, as its closing record says.
package enum ExportOutcome: Sendable, Hashable {
    /// HSS named the task that it made.
    case made(task: String, total: Int64?)
    /// HSS can't have executed it: it never left, or HSS refused it with a status of 400 to 499.
    case failed
    /// HSS may have executed it, and nobody knows the task.
    case unknown

    package init(_ fact: RecordFact) {
        guard ExportCounts.isCounted(fact) else {
            self = .failed
            return
        }
        if fact.outcome == .success, let task = fact.taskID {
            self = .made(task: task, total: fact.recordTotalNum)
        } else {
            self = .unknown
        }
    }

    /// The word that the fleet's database has for it.
    package var state: String {
        switch self {
        case .made: "made"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}
