import Audit

/// A journal for readers: through the index if there is one, and from the journal's lines for newer records. Reading takes no lock and does not
/// disturb the gateway; without an index every query is answered by reading the whole journal.
package struct RecordArchive: RecordSource {
    /// The journal's directory.
    package let directory: String
    package var bounds = RecordPage.Bounds()
    let index: IndexFile
    /// Candidates whose lines are read at a time.
    private static let group = 128

    /// Creates the archive of the journal in a directory; nothing is opened before the first query.
    package init(directory: String) {
        self.directory = directory
        index = IndexFile(journal: directory)
    }

    /// Brings the index up to date, if no other process does so and the directory is writable. Returns whether it is up to date now.
    @discardableResult
    package func refresh() -> Bool {
        guard let writer = try? IndexWriter(journal: directory) else { return false }
        return (try? writer.catchUp()) != nil
    }

    package func cursor(behind record: JournalRecord) -> RecordCursor { RecordCursor(sequence: record.sequence) }

    /// The number of the next record.
    package func end() throws(InquiryError) -> UInt64 {
        var query = RecordQuery()
        query.limit = 1
        // Bounded: a record's number is at most 2^62.
        return try page(query).records.first.map { $0.sequence + 1 } ?? 0
    }

    package func forEach(_ query: RecordQuery, _ body: (JournalRecord) -> Bool) throws(InquiryError) {
        let files = try JournalFiles(directory: directory)
        guard let database = try? index.openToRead() else { return try scan(files, query, from: files.segments.first?.first ?? 0, hint: nil, body) }
        var last: UInt64?
        do {
            let state = try database.read { try IndexState.read($0) }
            guard try state.isOf(files) else { return try scan(files, query, from: files.segments.first?.first ?? 0, hint: nil, body) }
            var goesOn = true
            func take(_ record: JournalRecord) -> Bool {
                last = record.sequence
                goesOn = body(record)
                return goesOn
            }
            if query.order == .newest { try scan(files, query, from: state.next, hint: state.place, take) }
            guard goesOn else { return }
            try database.read { try indexed($0, files, query, state, take) }
            if query.order == .oldest, goesOn { try scan(files, query, from: state.next, hint: state.place, take) }
        } catch {
            let fault = InquiryError(error)
            guard case .indexUnusable = fault else { throw fault }
            // With a damaged index, the rest of the answer is read from the journal itself.
            var rest = query
            if let last { rest.cursor = RecordCursor(sequence: last) }
            try scan(files, rest, from: files.segments.first?.first ?? 0, hint: nil, body)
        }
    }

    /// The part of a query's answer that is in the index; each line is compared with the query again before it is
    /// returned.
    private func indexed(
        _ database: SQLiteConnection, _ files: JournalFiles, _ query: RecordQuery, _ state: IndexState, _ body: (JournalRecord) -> Bool
    ) throws {
        let reader = IndexReader(database: database, bounds: Self.bounds(query, Int64(state.first)..<Int64(state.next)))
        var candidates: [IndexReader.Found] = []
        var goesOn = true
        var largest: Int?
        // Bounded: by `RecordQuery.limitBound`; without a page's limit the caller determines the number.
        var size = min(query.limit.saturatingSum(1), Self.group)
        func flush() throws {
            // Candidates are read in pieces that fit into memory: a record may contain a whole body.
            var rest = candidates[...]
            while goesOn, !rest.isEmpty {
                let piece = rest.prefix(bounds.piece(largest: largest ?? bounds.unknown, most: Self.group))
                rest = rest.dropFirst(piece.count)
                for record in try files.records(at: Array(piece)) {
                    largest = max(largest ?? 0, record.line.count)
                    guard goesOn, query.matches(record) else { continue }
                    goesOn = body(record)
                }
            }
            candidates.removeAll(keepingCapacity: true)
            size = Self.group
        }
        try reader.find(query) { found in
            candidates.append(found)
            if candidates.count >= size { try flush() }
            return goesOn
        }
        if goesOn { try flush() }
    }

    /// The numbers after the query's cursor.
    private static func bounds(_ query: RecordQuery, _ known: Range<Int64>) -> Range<Int64> {
        guard let cursor = query.cursor else { return known }
        let place = Int64(min(cursor.sequence, SequenceNumber.maximum.value))
        // Bounded: a record's number is at most 2^62.
        return known.clamped(to: query.order == .newest ? 0..<place : (place + 1)..<Int64.max)
    }

    /// Reads the journal itself from a number on. For the order "newest" everything has to be read before the first record can be returned;
    /// only as many as needed are kept.
    private func scan(
        _ files: JournalFiles, _ query: RecordQuery, from first: UInt64, hint: JournalFiles.Position?, _ body: (JournalRecord) -> Bool
    ) throws(InquiryError) {
        let bounds = Self.bounds(query, Int64(first)..<Int64.max)
        guard !bounds.isEmpty else { return }
        var kept: [JournalRecord] = []
        var keptBytes = 0
        try files.forEachRecord(from: UInt64(bounds.lowerBound), hint: hint) { (visit) throws(InquiryError) in
            guard visit.sequence < UInt64(bounds.upperBound) else { return false }
            guard let record = visit.record, query.matches(record) else { return true }
            if query.order == .oldest { return body(record) }
            kept.append(record)
            keptBytes += record.line.count
            // A page never has more, in number or in bytes. A query for everything, newest first, needs memory for all of it.
            guard query.limit <= RecordQuery.limitBound else { return true }
            let isLong = kept.count > 2 * (RecordQuery.limitBound + 1)
            guard isLong || keptBytes > 4 * self.bounds.bytes else { return true }
            var bytes = 0
            let room = kept.reversed().prefix(RecordQuery.limitBound + 1).prefix { record in
                bytes += record.line.count
                return bytes - record.line.count <= self.bounds.bytes
            }
            kept.removeFirst(max(0, kept.count - max(2, room.count + 1)))
            keptBytes = kept.reduce(0) { $0 + $1.line.count }
            return true
        }
        for record in kept.reversed() where !body(record) { return }
    }
}
