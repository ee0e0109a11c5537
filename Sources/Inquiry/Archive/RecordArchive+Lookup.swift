import Audit

extension RecordArchive {
    /// Most records of one exchange: its request and its end, and room for what later versions add.
    private static let recordsOfExchange = 16

    /// The records of an exchange by its id, the oldest first.
    package func records(id: String) throws(InquiryError) -> [JournalRecord] {
        var query = RecordQuery()
        query.requestID = id
        query.order = .oldest
        query.limit = Self.recordsOfExchange
        var records: [JournalRecord] = []
        try forEach(query) { record in
            if record[.id] == id { records.append(record) }
            return records.count < Self.recordsOfExchange
        }
        return records
    }

    /// The number that the next record will have.
    package func end() throws(InquiryError) -> UInt64 {
        var query = RecordQuery()
        query.limit = 1
        return try page(query).records.first.map { $0.sequence + 1 } ?? 0
    }
}
