import Audit

/// Finds records in the index. Lives within one read transaction, so that everything it returns is
/// consistent.
struct IndexReader {
    /// A record that was found.
    struct Found: Sendable, Hashable {
        let sequence: UInt64
        /// Where its line begins in its segment.
        let offset: Int
    }

    let database: SQLiteConnection
    /// The numbers of the records to search.
    let bounds: Range<Int64>

    /// The records in the index that match a query, in its order; `body` returns when it has enough.
    ///
    /// Marks only find candidates: the caller has to check the record.
    func find(_ query: RecordQuery, _ body: (Found) throws -> Bool) throws {
        let bounds = try narrowed(by: query)
        guard !bounds.isEmpty else { return }
        if let task = query.task { return try follow(Mark.task.hash(task.utf8), query.order, bounds, body) }
        if let file = query.file { return try follow(Mark.file.hash(file.utf8), query.order, bounds, body) }
        if let digest = query.digest { return try follow(Mark.digest.hash(digest.utf8), query.order, bounds, body) }
        if let requestID = query.requestID { return try follow(Mark.request.hash(requestID.utf8), query.order, bounds, body) }
        var conditions = SQLFragment(dialect: .sqlite)
        var isFirst = true
        query.facetConditions(in: &conditions, isFirst: &isFirst)
        let times = (query.since?.microseconds ?? .min)..<(query.until?.microseconds ?? .max)
        if isFirst {
            var rows = FacetRows(facet: nil, bounds: bounds, times: times, order: query.order)
            while let found = try rows.next(database) { guard try body(found) else { return } }
            return
        }
        var merge = try FacetMerge(database, conditions, bounds: bounds, times: times, order: query.order)
        while let found = try merge.next(database) { guard try body(found) else { return } }
    }

    /// The numbers that records in the query's period can have.
    private func narrowed(by query: RecordQuery) throws -> Range<Int64> {
        guard query.since != nil || query.until != nil else { return bounds }
        let spans = try database.statement("SELECT min(number), max(number) FROM span WHERE latest >= ? AND earliest < ?")
        let times: [SQLiteValue] = [.integer(query.since?.microseconds ?? .min), .integer(query.until?.microseconds ?? .max)]
        let shift = Int64(IndexSchema.spanShift)
        let most = Int64(SequenceNumber.maximum.value) >> shift
        let found = try spans.first(times) { (try $0.optionalNumber(0, upTo: most), try $0.optionalNumber(1, upTo: most)) }
        guard case (let lowest?, let highest?)? = found else { return bounds.lowerBound..<bounds.lowerBound }
        // Bounded: by `most`; the least is not above the greatest.
        return bounds.clamped(to: (lowest << shift)..<((highest + 1) << shift))
    }

    private func follow(_ hash: Int64, _ order: RecordQuery.Order, _ bounds: Range<Int64>, _ body: (Found) throws -> Bool) throws {
        var blocks = RecordBlocks()
        try MarkTable.find(hash, order, bounds, database) { record in
            guard let place = try blocks.row(record, database)?.place else { return true }
            return try body(Found(sequence: UInt64(record), offset: Int(place)))
        }
    }
}
