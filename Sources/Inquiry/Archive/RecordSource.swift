/// Whoever answers a query with records: one gateway's journal, or the central copy of many. What is asked of records is written once, on this.
package protocol RecordSource: Sendable {
    /// Every record that a query asks for, in its order and from its cursor on, until `body` says false. The query's limit is a hint of how many
    /// will be taken.
    func forEach(_ query: RecordQuery, _ body: (JournalRecord) -> Bool) throws(InquiryError)

    /// Where the page behind a record begins.
    func cursor(behind record: JournalRecord) -> RecordCursor
}

/// One page of records.
package struct RecordPage: Sendable {
    package let records: [JournalRecord]
    /// Where the next page begins; nothing when this is the last.
    package let next: RecordCursor?
}

extension RecordSource {
    /// Most records of one exchange: its request and its end, and room for what later versions add.
    private var recordsOfExchange: Int { 16 }

    /// One page of what a query asks for.
    package func page(_ query: RecordQuery) throws(InquiryError) -> RecordPage {
        var records: [JournalRecord] = []
        try forEach(query) { record in
            records.append(record)
            return records.count <= query.limit
        }
        guard records.count > query.limit else { return RecordPage(records: records, next: nil) }
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
