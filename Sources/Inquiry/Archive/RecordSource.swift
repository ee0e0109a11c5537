import Audit

/// A source of records that answers queries: one gateway's journal, or the central copy of many. Special queries of records are extensions of
/// it.
package protocol RecordSource: RollupSource {
    /// How much memory one answer may use.
    var bounds: RecordPage.Bounds { get }

    /// Every record that a query matches, in its order and from its cursor on, until `body` returns false. The query's limit is a hint of how
    /// many will be used.
    func forEach(_ query: RecordQuery, _ body: (JournalRecord) -> Bool) throws(InquiryError)

    /// The cursor of the page after a record.
    func cursor(behind record: JournalRecord) -> RecordCursor

    /// The records of the exchanges of some records, by the exchanges' ids and in the order of time; nil if a lookup for each is just as
    /// fast.
    func exchanges(of records: [JournalRecord]) throws(InquiryError) -> [String: [JournalRecord]]?
}

extension RecordSource {
    /// Most records of one exchange: its request and its end, and a reserve for later versions.
    var recordsOfExchange: Int { 16 }

    package func exchanges(of records: [JournalRecord]) throws(InquiryError) -> [String: [JournalRecord]]? { nil }

    /// One page of a query's records. A page ends early when its records are large, so that it has a limit in bytes too.
    package func page(_ query: RecordQuery) throws(InquiryError) -> RecordPage {
        var records: [JournalRecord] = []
        var bytes = 0
        var isFull = false
        try forEach(query) { record in
            isFull = records.count == query.limit || !records.isEmpty && bytes.saturatingSum(record.line.count) > bounds.bytes
            records.append(record)
            bytes += record.line.count
            return !isFull
        }
        guard isFull else { return RecordPage(records: records, next: nil) }
        records.removeLast()
        return RecordPage(records: records, next: records.last.map(cursor(behind:)))
    }

    /// The records of an exchange by its id, the oldest first.
    package func records(id: String) throws(InquiryError) -> [JournalRecord] {
        var query = RecordQuery()
        query.requestID = id
        query.order = .oldest
        query.limit = recordsOfExchange
        var records: [JournalRecord] = []
        try forEach(query) { record in
            if record[.id] == id { records.append(record) }
            return records.count < recordsOfExchange
        }
        return records
    }
}
