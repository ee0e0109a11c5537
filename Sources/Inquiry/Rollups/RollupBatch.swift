import Audit
import Codecs

/// Counts the records of one transaction of the index and adds them to its rollups at the end: a record costs a dictionary lookup, and rows are
/// written once for all records that they count.
struct RollupBatch {
    /// The lookup key of a group.
    struct Key: Hashable {
        let cut: RollupCut
        let group: RollupGroup
    }

    /// The key of a row, with the group's number in the index.
    private struct Row: Hashable {
        let cut: RollupCut
        let step: RollupStep
        let slot: Int64
        let group: Int64
    }

    private struct Counted {
        let minute: Int64
        let group: RollupGroup
        var rollup = Rollup()
    }

    /// Groups by their key, as far as they were used since the index was opened.
    private(set) var groups: [Key: Int64]
    private var counted: [Counted] = []
    /// The index in `counted`, by facet, minute and the group's other members.
    private var places: [ByteKey: Int] = [:]
    private var key = ByteKey()

    /// The members of a group besides its facet.
    private static let fields: [RecordField] = [.errorCode, .source, .credentialName]

    init(groups: [Key: Int64]) {
        self.groups = groups
    }

    mutating func add(_ scanner: RecordScanner, _ line: UnsafeRawBufferPointer, facet: Int64, time: Int64) {
        guard let entry = RollupEntry(scanner, line, time: time) else { return }
        key.removeAll()
        key.append(facet)
        key.append(entry.minute)
        for field in Self.fields { key.append(scanner.bytes(of: field, in: line)) }
        if let code = entry.detailedCode { key.append(code) }
        let place = places[key] ?? counted.count
        if place == counted.count {
            counted.append(Counted(minute: entry.minute, group: RollupGroup(scanner, line, entry)))
            places[key] = place
        }
        entry.add(to: &counted[place].rollup)
    }

    /// Adds the counts to the existing rows.
    mutating func write(_ database: SQLiteConnection) throws {
        guard !counted.isEmpty else { return }
        var rows: [Row: Rollup] = [:]
        // Short slots past their retention aren't written.
        let newest = counted.reduce(try Self.newestMinute(database)) { max($0, $1.minute) }
        for each in counted {
            for cut in RollupCut.allCases {
                let group = try number(Key(cut: cut, group: cut.group(of: each.group)), database)
                for step in RollupStep.allCases where step.slot(each.minute) >= step.kept(newest: newest) {
                    rows[Row(cut: cut, step: step, slot: step.slot(each.minute), group: group), default: Rollup()].add(each.rollup)
                }
            }
        }
        let known = try database.statement(
            "SELECT count, bytes, durations, waits, longest FROM rollup WHERE cut = ? AND step = ? AND slot = ? AND grp = ?")
        let replace = try database.statement("INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for (row, added) in rows {
            let place: [SQLiteValue] = [
                .integer(row.cut.rawValue), .integer(row.step.rawValue), .integer(row.slot), .integer(row.group),
            ]
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
    }

    private mutating func number(_ key: Key, _ database: SQLiteConnection) throws -> Int64 {
        if let known = groups[key] { return known }
        let columns = ["cut"] + RollupGroup.columns
        let values = [.integer(key.cut.rawValue)] + key.group.values.map(SQLiteValue.text)
        let select = try database.statement("SELECT id FROM rollup_group WHERE \(columns.map { "\($0) = ?" }.joined(separator: " AND "))")
        if let id = try select.first(values, { $0.integer(0) }) {
            groups[key] = id
            return id
        }
        let insert = try database.statement(
            "INSERT INTO rollup_group (\(columns.joined(separator: ", "))) VALUES (\(IndexSchema.placeholders(columns.count)))")
        try insert.execute(values)
        groups[key] = database.lastInsertedRow
        return database.lastInsertedRow
    }

    /// Deletes short spans past their retention.
    private static func prune(_ database: SQLiteConnection, newest: Int64) throws {
        let delete = try database.statement("DELETE FROM rollup WHERE cut = ? AND step = ? AND slot < ?")
        for cut in RollupCut.allCases {
            for step in RollupStep.allCases where step.days != nil {
                try delete.execute([.integer(cut.rawValue), .integer(step.rawValue), .integer(step.kept(newest: newest))])
            }
        }
    }

    /// The newest minute in the rollups: it determines which slot lengths are available.
    static func newestMinute(_ database: SQLiteConnection) throws -> Int64 {
        let slots = try database.statement("SELECT max(slot) FROM rollup WHERE cut = 1 AND step = 1")
        let newest = try slots.first([]) { try $0.optionalNumber(0, upTo: .max) }
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
