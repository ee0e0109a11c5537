import Audit

/// The index has rollups of the records that it knows; later records are counted from the journal's lines.
extension RecordArchive {
    /// After how many lines the deadline is checked.
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

    private static func indexed<Sum>(
        _ database: SQLiteConnection, _ question: RollupQuestion, _ sum: inout Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws {
        let groups = try groups(database, question)
        guard !groups.isEmpty else { return }
        let newest = try RollupBatch.newestMinute(database)
        let rows = try database.statement(
            """
            SELECT grp, count, bytes, \(question.wantsDurations ? "durations" : "''"), \(question.wantsWaits ? "waits" : "''"), longest
            FROM rollup WHERE step = ? AND slot >= ? AND slot < ?
            """)
        for (part, step, slots) in question.pieces(newest: newest) {
            try rows.forEach([.integer(step.rawValue), .integer(slots.lowerBound), .integer(slots.upperBound)]) { row in
                guard let group = groups[try row.number(0, upTo: .max)] else { return true }
                add(&sum, part, group, try Rollup(row, from: 1))
                return true
            }
        }
    }

    private static func groups(_ database: SQLiteConnection, _ question: RollupQuestion) throws -> [Int64: RollupGroup] {
        var groups: [Int64: RollupGroup] = [:]
        let rows = try database.statement(
            """
            SELECT g.id, f.phase, f.caller, f.operation, f.kind, f.project_name, f.project_id, f.outcome, g.error_code, g.source, g.credential
            FROM rollup_group g JOIN facet f ON f.id = g.facet
            """)
        try rows.forEach([]) { row in
            var group = RollupGroup()
            func text(_ column: Int32) -> String { row.text(column) ?? "" }
            (group.phase, group.caller, group.operation, group.kind) = (text(1), text(2), text(3), text(4))
            (group.projectName, group.projectID, group.outcome) = (text(5), text(6), text(7))
            (group.errorCode, group.source, group.credential) = (text(8), text(9), text(10))
            if group.isSum { group.outcome = Record.Outcome.refused.rawValue }
            if question.matches(group) { groups[try row.number(0, upTo: .max)] = group }
            return true
        }
        return groups
    }
}
