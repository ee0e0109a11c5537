import Audit

/// The central copy's rollups and their cuts count all records of each gateway below a number (`hssgw_counted`); later ones are counted from their
/// lines.
extension FleetArchive {
    package func sum<Sum>(
        _ question: RollupQuestion, from empty: Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws(InquiryError) -> (sum: Sum, coverage: RollupQuestion.Coverage) {
        var (sum, coverage) = (empty, RollupQuestion.Coverage())
        var duplicates: Set<String> = []
        for member in try members() where question.query.instance ?? member.instance == member.instance {
            if member.isDuplicate, question.query.instance == nil {
                duplicates.insert(member.instance)
            } else {
                coverage.ends[member.instance] = member.end
            }
        }
        guard let tables = try rollupTables() else {
            try addLines(question, without: duplicates, &sum, &coverage, add)
            return (sum, coverage)
        }
        var counted: [String: Int64] = [:]
        for row in try fetch(Self.rollups(question, tables)) {
            let (instance, number) = (row[0] ?? "", row[1].flatMap { Int64($0) })
            guard let part = row[2].flatMap({ Int($0) }) else {
                counted[instance] = number ?? 0
                continue
            }
            let group = RollupGroup(values: row[3..<13])
            guard question.matches(group), !duplicates.contains(instance) else { continue }
            guard let rollup = Rollup(values: row[13...]), (0..<question.parts).contains(part) else {
                throw .databaseUnreadable("a row of hssgw_rollups or hssgw_rollup_cuts is none that was written there")
            }
            add(&sum, part, group, rollup)
        }
        for instance in coverage.ends.keys.sorted() {
            try addLines(question, of: instance, from: counted[instance] ?? 0, &sum, &coverage, add)
        }
        return (sum, coverage)
    }

    /// The existing rollup tables, as far as this role may read them.
    private struct RollupTables {
        /// The newest minute in any gateway's rollups.
        let newest: Int64
        /// Whether the cuts exist: tables of an older version don't have them.
        let hasCuts: Bool
    }

    private func rollupTables() throws(InquiryError) -> RollupTables? {
        let names = ["hssgw_rollups", "hssgw_rollup_groups", "hssgw_counted", "hssgw_rollup_cuts"]
        let isThere = """
            SELECT name FROM (VALUES \(names.map { "('\($0)')" }.joined(separator: ", "))) AS t(name)
            WHERE to_regclass(t.name) IS NOT NULL AND has_table_privilege(to_regclass(t.name), 'SELECT')
            """
        let found = Set(try fetch(SQLFragment(isThere, dialect: .postgresql)).compactMap { $0.first ?? nil })
        guard found.isSuperset(of: names.dropLast()) else { return nil }
        let newest = """
            SELECT max((SELECT max(slot) FROM hssgw_rollups r WHERE r.instance = c.instance AND r.step = 1)) FROM hssgw_counted c
            """
        guard let minute = try fetch(SQLFragment(newest, dialect: .postgresql)).first?.first?.flatMap({ Int64($0) }) else { return nil }
        return RollupTables(newest: minute, hasCuts: found.count == names.count)
    }

    /// One statement, so that the rollups and their progress are consistent: how far each gateway is counted, then a row for each group in
    /// each slot. A gateway whose cuts are behind its rollups is read from the rollups.
    private static func rollups(_ question: RollupQuestion, _ tables: RollupTables) -> SQLFragment {
        let (groups, figures) = (RollupGroup.columns, Rollup.columns)
        var sql = SQLFragment(
            "SELECT c.instance, c.next, NULL::bigint AS part, \((groups + figures).map { _ in "NULL" }.joined(separator: ", ")) FROM hssgw_counted c",
            dialect: .postgresql)
        let cut = RollupCut(question)
        guard tables.hasCuts, cut != .full else {
            append(question, tables, from: "hssgw_rollups", where: "true", to: &sql)
            return sql
        }
        append(question, tables, from: "hssgw_rollup_cuts", cut, where: "c.cuts = c.next", to: &sql)
        append(question, tables, from: "hssgw_rollups", where: "c.cuts IS DISTINCT FROM c.next", to: &sql)
        return sql
    }

    /// Appends the rows of one table: one index lookup for each gateway and each piece of time. The planner would otherwise choose a join that
    /// reads all slots and compares each with each piece, so `OFFSET 0` prevents that.
    private static func append(
        _ question: RollupQuestion, _ tables: RollupTables, from table: String, _ cut: RollupCut? = nil, where condition: String,
        to sql: inout SQLFragment
    ) {
        let pieces = question.pieces(newest: tables.newest)
        func array(_ values: [Int64]) -> String { "{\(values.map { String($0) }.joined(separator: ","))}" }
        sql.append(
            """
             UNION ALL SELECT r.instance, NULL, p.part, \(RollupGroup.columns.map { "g.\($0)" }.joined(separator: ", ")),
                \(Rollup.columns.map { Self.isWanted($0, question) ? "r.\($0)::text" : "''" }.joined(separator: ", "))
            FROM hssgw_counted c CROSS JOIN unnest(
            """)
        for (index, column) in [
            pieces.map { Int64($0.part) }, pieces.map(\.step.rawValue), pieces.map(\.slots.lowerBound), pieces.map(\.slots.upperBound),
        ]
        .enumerated() {
            sql.append(index == 0 ? "" : ", ")
            sql.append(.text(array(column)))
            sql.append("::bigint[]")
        }
        sql.append(
            """
            ) AS p(part, step, first, last) CROSS JOIN LATERAL (
                SELECT * FROM \(table) q WHERE q.instance = c.instance AND q.step = p.step AND q.slot >= p.first AND q.slot < p.last
                    \(cut.map { "AND q.cut = \($0.rawValue)" } ?? "") OFFSET 0
            ) r JOIN hssgw_rollup_groups g ON g.id = r.grp WHERE \(condition)
            """)
        var (isFirst, query) = (false, RecordQuery())
        // Conditions on columns that sums of refusals have too; the others are checked by the code that reads the
        // rows.
        (query.caller, query.operation, query.kind, query.project) = (
            question.query.caller, question.query.operation, question.query.kind, question.query.project
        )
        query.facetConditions(in: &sql, isFirst: &isFirst)
        if let instance = question.query.instance { sql.condition("r.instance", "=", .text(instance), isFirst: &isFirst) }
    }

    private static func isWanted(_ figure: String, _ question: RollupQuestion) -> Bool {
        switch figure {
        case "durations": question.wantsDurations
        case "waits": question.wantsWaits
        default: true
        }
    }

    // MARK: - Lines

    /// Without rollups: the records of the query's period, the newest first.
    private func addLines<Sum>(
        _ question: RollupQuestion, without duplicates: Set<String>, _ sum: inout Sum, _ coverage: inout RollupQuestion.Coverage,
        _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws(InquiryError) {
        var query = RecordQuery()
        query.instance = question.query.instance
        (query.since, query.until) = (question.time(of: 0), question.time(of: question.parts))
        query.limit = .max - 1
        var isComplete = true
        try forEach(query) { record in
            guard ContinuousClock.now <= question.deadline else {
                isComplete = false
                return false
            }
            if !duplicates.contains(record.instance ?? "") { Self.add(record, question, &sum, add) }
            return true
        }
        if !isComplete { coverage.isComplete = false }
    }

    /// The records from a number on, the newest first.
    private func addLines<Sum>(
        _ question: RollupQuestion, of instance: String, from first: Int64, _ sum: inout Sum, _ coverage: inout RollupQuestion.Coverage,
        _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) throws(InquiryError) {
        var (end, limit, largest) = (Int64.max, Self.firstGroup, 0)
        while true {
            var sql = SQLFragment("SELECT line, instance, seq, time_us FROM \(Self.table) WHERE instance = ", dialect: .postgresql)
            sql.append(.text(instance))
            for (comparison, number) in [(">=", first), ("<", end)] {
                sql.append(" AND seq \(comparison) ")
                sql.append(.integer(number))
            }
            sql.append(" ORDER BY seq DESC LIMIT \(limit)")
            let rows = try fetch(sql)
            for row in rows {
                let record = try Self.record(row)
                // Bounded: a record's number is at most 2^62.
                if end == .max { coverage.ends[instance] = Int64(clamping: record.sequence) + 1 }
                end = Int64(clamping: record.sequence)
                largest = max(largest, record.line.count)
                Self.add(record, question, &sum, add)
            }
            guard rows.count == limit else { return }
            guard ContinuousClock.now <= question.deadline else {
                coverage.isComplete = false
                return
            }
            limit = bounds.piece(largest: largest, most: Self.group)
        }
    }

    private static func add<Sum>(
        _ record: JournalRecord, _ question: RollupQuestion, _ sum: inout Sum, _ add: (inout Sum, Int, RollupGroup, Rollup) -> Void
    ) {
        record.line.withUnsafeBytes { bytes in
            var scanner = RecordScanner()
            guard scanner.scan(bytes), let entry = RollupEntry(scanner, bytes, time: record.time.microseconds),
                let part = question.part(of: entry.minute)
            else { return }
            let group = RollupGroup(scanner, bytes, entry)
            guard question.matches(group) else { return }
            var rollup = Rollup()
            entry.add(to: &rollup)
            add(&sum, part, group, rollup)
        }
    }
}
