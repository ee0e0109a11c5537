import Audit

/// The outcome of an export according to its closing record.
package enum ExportOutcome: Sendable, Hashable {
    /// HSS returned the task that it created.
    case made(task: String, total: Int64?)
    /// HSS can't have executed it: it was never sent, or HSS refused it with a status of 400 to 499.
    case failed
    /// HSS may have executed it, and the task is unknown.
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

    /// The word for it in the fleet's database.
    package var state: String {
        switch self {
        case .made: "made"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}
