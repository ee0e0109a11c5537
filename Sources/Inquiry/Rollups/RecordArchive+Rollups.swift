import Audit

/// The index has rollups of its records; later records are counted from the journal's lines.
extension RecordArchive {
    /// The number of lines between two checks of the deadline.
    private static let look: UInt64 = 256

    package func sum<Sum>(
        _ question: RollupQuestion, from empty: Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws(InquiryError) -> (sum: Sum, coverage: RollupQuestion.Coverage) {
        let files = try JournalFiles(directory: directory)
        var sum = empty
        var (next, hint) = (files.segments.first?.first ?? 0, JournalFiles.Position?.none)
        do {
            if let database = try index.openToRead() {
                let state = try database.read { database -> IndexState? in
                    let state = try IndexState.read(database)
                    guard !state.digest.isEmpty, try state.isOf(files) else { return nil }
                    try Self.indexed(database, question, &sum, add)
                    return state
                }
                if let state { (next, hint) = (state.next, state.place) }
            }
        } catch {
            guard case .indexUnusable = InquiryError(error) else { throw InquiryError(error) }
            sum = empty
        }
        var coverage = RollupQuestion.Coverage()
        try files.forEachRecord(from: next, hint: hint) { (visit) throws(InquiryError) in
            if visit.sequence % Self.look == 0, ContinuousClock.now > question.deadline {
                coverage.isComplete = false
                return false
            }
            // Bounded: a record's number is at most 2^62.
            next = visit.sequence + 1
            let bytes = visit.line.bytes
            let time = Timestamp(UnsafeRawBufferPointer(rebasing: bytes[visit.scanner[.time]]))?.microseconds ?? 0
            guard let entry = RollupEntry(visit.scanner, bytes, time: time), let part = question.part(of: entry.minute) else { return true }
            let group = RollupGroup(visit.scanner, bytes, entry)
            guard question.matches(group) else { return true }
            var rollup = Rollup()
            entry.add(to: &rollup)
            add(&sum, part, group, rollup)
            return true
        }
        coverage.ends[""] = Int64(next)
        return (sum, coverage)
    }

    /// The counts in the index.
    static func indexed<Sum>(
        _ database: SQLiteConnection, _ question: RollupQuestion, _ sum: inout Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws {
        let cut = RollupCut(question)
        let groups = try groups(database, cut, question)
        guard !groups.isEmpty else { return }
        let newest = try RollupBatch.newestMinute(database)
        // Slots of one length are added in the database, histograms by concatenating them. Impossible values are clamped, so that the sum of
        // all rows can't overflow.
        func joined(_ column: String, _ isWanted: Bool) -> String {
            isWanted ? "coalesce(group_concat(nullif(\(column), ''), ' '), '')" : "''"
        }
        let rows = try database.statement(
            """
            SELECT grp, sum(min(count, \(largest))), sum(min(bytes, \(largest))), \(joined("durations", question.wantsDurations)),
              \(joined("waits", question.wantsWaits)), max(longest)
            FROM rollup WHERE cut = ? AND step = ? AND slot >= ? AND slot < ? GROUP BY grp
            """)
        for (part, step, slots) in question.pieces(newest: newest) {
            let place: [SQLiteValue] = [
                .integer(cut.rawValue), .integer(step.rawValue), .integer(slots.lowerBound), .integer(slots.upperBound),
            ]
            try rows.forEach(place) { row in
                guard let group = groups[try row.number(0, upTo: .max)] else { return true }
                add(&sum, part, group, try Rollup(row, from: 1))
                return true
            }
        }
    }

    /// Multiplied by the number of slots in 40 years, this fits into 64 bits.
    private static let largest: Int64 = 1 << 48

    private static func groups(_ database: SQLiteConnection, _ cut: RollupCut, _ question: RollupQuestion) throws -> [Int64: RollupGroup] {
        var groups: [Int64: RollupGroup] = [:]
        let rows = try database.statement("SELECT id, \(RollupGroup.columns.joined(separator: ", ")) FROM rollup_group WHERE cut = ?")
        try rows.forEach([.integer(cut.rawValue)]) { row in
            let group = RollupGroup(values: (1...Int32(RollupGroup.columns.count)).map { row.text($0) })
            if question.matches(group) { groups[try row.number(0, upTo: .max)] = group }
            return true
        }
        return groups
    }
}
