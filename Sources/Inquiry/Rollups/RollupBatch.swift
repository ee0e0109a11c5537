import Audit
import Codecs

/// Counts the records of one transaction of the index and adds them to its rollups at the end: a record costs a look into a dictionary, and rows are
/// written once for all records that they count.
struct RollupBatch {
    /// What rows are found by: the group's number in the index.
    private struct Row: Hashable {
        let step: RollupStep
        let slot: Int64
        let group: Int64
    }

    private struct Counted {
        let minute: Int64
        let facet: Int64
        let errorCode: String
        let source: String
        let credential: String
        var rollup = Rollup()
    }

    /// Groups by their key, as far as they were met since the index was opened.
    private(set) var groups: [[UInt8]: Int64]
    private var counted: [Counted] = []
    /// Where in `counted`, by facet, minute and what a group is made of beside the facet.
    private var places: [[UInt8]: Int] = [:]
    private var key: [UInt8] = []
    /// The newest place, since a record is often like the one before.
    private var last: (key: [UInt8], place: Int) = ([], 0)

    init(groups: [[UInt8]: Int64]) {
        self.groups = groups
    }

    mutating func add(_ scanner: RecordScanner, _ line: UnsafeRawBufferPointer, facet: Int64, time: Int64) {
        guard let entry = RollupEntry(scanner, line, time: time) else { return }
        key.removeAll(keepingCapacity: true)
        withUnsafeBytes(of: facet) { key.append(contentsOf: $0) }
        withUnsafeBytes(of: entry.minute) { key.append(contentsOf: $0) }
        for field in IndexSchema.groupFields {
            key.append(contentsOf: line[scanner[field]])
            key.append(0)
        }
        if let code = entry.detailedCode { key.append(contentsOf: code.utf8) }
        if last.key != key {
            let place = places[key] ?? begin(entry, scanner, line, facet)
            places[key] = place
            last = (key, place)
        }
        entry.add(to: &counted[last.place].rollup)
    }

    private mutating func begin(_ entry: RollupEntry, _ scanner: RecordScanner, _ line: UnsafeRawBufferPointer, _ facet: Int64) -> Int {
        func text(_ field: RecordField) -> String { JSONString.decode(line[scanner[field]]) }
        counted.append(
            Counted(
                minute: entry.minute, facet: facet, errorCode: entry.detailedCode ?? text(.errorCode), source: text(.source),
                credential: text(.credentialName)))
        return counted.count - 1
    }

    /// Adds what was counted to the rows that are there.
    mutating func write(_ database: SQLiteConnection) throws {
        guard !counted.isEmpty else { return }
        var rows: [Row: Rollup] = [:]
        var newest: Int64 = 0
        for each in counted {
            let group = try group(of: each, database)
            newest = max(newest, each.minute)
            for step in RollupStep.allCases { rows[Row(step: step, slot: step.slot(each.minute), group: group), default: Rollup()].add(each.rollup) }
        }
        let known = try database.statement("SELECT count, bytes, durations, waits, longest FROM rollup WHERE step = ? AND slot = ? AND grp = ?")
        let replace = try database.statement("INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        for (row, added) in rows {
            let place: [SQLiteValue] = [.integer(row.step.rawValue), .integer(row.slot), .integer(row.group)]
            var rollup = added
            if let before = try known.first(place, { try Rollup($0, from: 0) }) { rollup.add(before) }
            try replace.execute(
                place + [
                    .integer(rollup.count), .integer(rollup.bytes), .text(rollup.durations.text), .text(rollup.waits.text),
                    .integer(rollup.longestWait),
                ])
        }
        try Self.prune(database, newest: newest)
        counted.removeAll()
        places.removeAll()
        last = ([], 0)
    }

    private mutating func group(of counted: Counted, _ database: SQLiteConnection) throws -> Int64 {
        var key: [UInt8] = []
        withUnsafeBytes(of: counted.facet) { key.append(contentsOf: $0) }
        for text in [counted.errorCode, counted.source, counted.credential] {
            key.append(contentsOf: text.utf8)
            key.append(0)
        }
        if let known = groups[key] { return known }
        let values: [SQLiteValue] = [.integer(counted.facet), .text(counted.errorCode), .text(counted.source), .text(counted.credential)]
        let select = try database.statement("SELECT id FROM rollup_group WHERE facet = ? AND \(IndexSchema.equalities(IndexSchema.groupFields))")
        if let id = try select.first(values, { $0.integer(0) }) {
            groups[key] = id
            return id
        }
        let insert = try database.statement(
            """
            INSERT INTO rollup_group (facet, \(IndexSchema.columns(IndexSchema.groupFields)))
            VALUES (\(IndexSchema.placeholders(values.count)))
            """)
        try insert.execute(values)
        groups[key] = database.lastInsertedRow
        return database.lastInsertedRow
    }

    /// Deletes short spans past their retention.
    private static func prune(_ database: SQLiteConnection, newest: Int64) throws {
        let delete = try database.statement("DELETE FROM rollup WHERE step = ? AND slot < ?")
        let newest = max(newest, try newestMinute(database))
        for step in RollupStep.allCases where step.days != nil { try delete.execute([.integer(step.rawValue), .integer(step.kept(newest: newest))]) }
    }

    /// The newest minute that the rollups know: what decides how close one can look.
    static func newestMinute(_ database: SQLiteConnection) throws -> Int64 {
        let newest = try database.statement("SELECT max(slot) FROM rollup WHERE step = 1").first([]) { try $0.optionalNumber(0, upTo: .max) }
        return (newest ?? nil) ?? 0
    }
}

extension Rollup {
    /// Reads five columns of a row.
    init(_ row: SQLiteRow, from column: Int32) throws {
        count = try row.number(column, upTo: .max)
        bytes = try row.number(column + 1, upTo: .max)
        longestWait = try row.number(column + 4, upTo: .max)
        let isRead = row.withText(column + 2) { durations.add(text: $0) } && row.withText(column + 3) { waits.add(text: $0) }
        guard isRead else { throw InquiryError.indexUnusable("one of its histograms is none that it can have written") }
    }
}
