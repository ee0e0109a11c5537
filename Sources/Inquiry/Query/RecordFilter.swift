import Audit

/// The filters of a query by name, as query parameters have them (`request_id`; a flag is `--request-id`), and the members of a record that each
/// compares. Matching a record's line and rendering SQL both use this list, so that they agree.
package enum RecordFilter: String, Sendable, CaseIterable {
    case caller, operation, kind, project, since, until, outcome, phase, task
    case file = "file_id"
    case digest = "sha256"
    case requestID = "request_id"
    case instance, order, limit, cursor

    /// The members of which one must have the filter's text; none for a filter that compares nothing or compares times.
    var fields: [RecordField] {
        switch self {
        case .caller: [.callerName]
        case .operation: [.operation]
        case .kind: [.kind]
        case .project: [.projectName, .projectID]
        case .outcome: [.outcome]
        case .phase: [.phase]
        case .task: [.taskID]
        case .file: [.fileID]
        case .digest: [.responseSHA256]
        case .requestID: [.requestID, .upstreamRequestID, .id]
        case .instance: [.instance]
        case .since, .until, .order, .limit, .cursor: []
        }
    }

    /// Members with few distinct values, which the index keeps in facets.
    static let common: [RecordFilter] = [.phase, .caller, .operation, .kind, .outcome, .project]
    /// Members whose value only a few records share.
    static let single: [RecordFilter] = [.task, .file, .digest, .requestID]
    /// All filters that compare a text with the record's own. The instance is not among them: in a central copy the row contains
    /// it.
    static let compared = common + single
}

extension RecordQuery {
    /// The text that one of a filter's members must have; nil when the filter isn't set or has no members.
    func text(of filter: RecordFilter) -> String? {
        switch filter {
        case .caller: caller
        case .operation: operation
        case .kind: kind?.rawValue
        case .project: project
        case .outcome: outcome?.rawValue
        case .phase: phase?.rawValue
        case .task: task
        case .file: file
        case .digest: digest
        case .requestID: requestID
        case .instance: instance
        case .since, .until, .order, .limit, .cursor: nil
        }
    }
}
