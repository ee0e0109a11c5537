import Audit

extension RecordQuery {
    /// Whether a record matches the query. Order, page and cursor don't matter here.
    package func matches(_ record: JournalRecord) -> Bool {
        if let instance, record.instance != instance { return false }
        for filter in RecordFilter.compared {
            guard let text = text(of: filter) else { continue }
            guard filter.fields.contains(where: { record[$0] == text }) else { return false }
        }
        if digest != nil, record[.kind] != Record.Kind.download.rawValue { return false }
        guard since != nil || until != nil else { return true }
        let time = record.time
        if let since, time < since { return false }
        if let until, time >= until { return false }
        return true
    }
}
