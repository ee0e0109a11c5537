import Audit

extension RecordQuery {
    /// Whether a record is one of those that are asked for. Order, page and cursor don't matter here.
    package func matches(_ record: JournalRecord) -> Bool {
        if let phase, record.phase != phase { return false }
        if let caller, record[.callerName] != caller { return false }
        if let operation, record[.operation] != operation { return false }
        if let kind, record[.kind] != kind.rawValue { return false }
        if let outcome, record[.outcome] != outcome.rawValue { return false }
        if let project, record[.projectName] != project, record[.projectID] != project { return false }
        if let task, record[.taskID] != task { return false }
        if let file, record[.fileID] != file { return false }
        if let digest, record[.responseSHA256] != digest || record[.kind] != Record.Kind.download.rawValue { return false }
        if let instance, record.instance != instance { return false }
        if let requestID, ![RecordField.requestID, .upstreamRequestID, .id].contains(where: { record[$0] == requestID }) { return false }
        guard since != nil || until != nil else { return true }
        let time = record.time
        if let since, time < since { return false }
        if let until, time >= until { return false }
        return true
    }
}
