import Audit

extension RecordSource {
    /// All records about an export or about one exchange, by their numbers.
    ///
    /// - Parameter id: an export task's id, or an exchange's: its `Audit-Id`, the caller's request id or HSS's.
    /// - Returns: what the id refers to, and the records; nil when the journal doesn't contain it.
    package func evidence(_ id: String) throws(InquiryError) -> (subject: String, sequences: [UInt64])? {
        guard let trail = try trail(task: id) else {
            let records = try exchange(id)
            return records.isEmpty ? nil : ("exchange \(id)", records.map(\.sequence).sorted())
        }
        var sequences = Set(trail.steps.map(\.record.sequence))
        // The request record of a creation is older than the task: it is found by the exchange's id.
        for (step, record) in trail.steps where step != .poll {
            guard let exchange = record[.id] else { continue }
            for record in try self.exchange(exchange) { sequences.insert(record.sequence) }
        }
        return ("export task \(id)", sequences.sorted())
    }

    private func exchange(_ id: String) throws(InquiryError) -> [JournalRecord] {
        var query = RecordQuery()
        query.requestID = id
        query.order = .oldest
        var records: [JournalRecord] = []
        try forEach(query) { record in
            records.append(record)
            return records.count < RecordQuery.limitBound
        }
        return records
    }
}
