import Audit
import Crypto
import Inquiry
import PostgreSQL

/// Keeps one instance's rollups in the central copy, in the transaction that writes its records. If the tables have records that are not counted,
/// because they are older than the rollups or because rows were restored, these are counted afterwards, in pieces.
///
/// `hssgw_counted` contains the number below which the rollups count all records. Deleting an instance's row there makes the gateway count it again.
/// Cuts, which count the same by fewer columns, are made from the rollups if they are missing, or if a gateway of an older version has counted
/// without them; until then readers use the rollups.
final class CentralRollups {
    /// Records that are counted afterwards in one transaction.
    private static let piece = 5_000
    /// Rows that are read at a time when cuts are made from them.
    private static let rows = 5_000

    private let instance: String
    private let connection: PostgreSQLConnection
    /// Numbers of groups that are committed.
    private var groups: [RollupGroup: Int64] = [:]
    /// Whether there may be records that are not counted.
    private(set) var isBehind = true
    /// False once the role lacked the rights for it; records are copied all the same, and readers count them from their lines.
    private var isAble = true
    /// The day, by its first minute, up to which short slots were deleted.
    private var pruned: Int64 = 0

    init(_ instance: String, _ connection: PostgreSQLConnection) {
        (self.instance, self.connection) = (instance, connection)
    }

    /// Counts records that the open transaction has written. A failure does not affect the records, which are counted later.
    func count(_ batch: RecordBatch) throws(SinkFailure) {
        guard isAble, let end = batch.end?.value else { return }
        try attempt { () throws(SinkFailure) in
            let next = try self.next()
            var (sheet, first) = (RollupSheet(), UInt64?.none)
            batch.forEach { sequence, line in
                first = first ?? sequence
                sheet.add(line)
            }
            guard let first, let next, next.records == Int64(clamping: first) else {
                // Restored rows may have been counted or not: only all rows together can be counted exactly once.
                if let first, let next, next.records > Int64(clamping: first) { try forget() }
                isBehind = true
                return
            }
            if !next.hasCuts { isBehind = true }
            try write(sheet, next: Int64(clamping: end), withCuts: next.hasCuts)
        }
    }

    /// Counts some of the records that were not counted on arrival, in a transaction of its own.
    func catchUp() throws(SinkFailure) {
        guard isAble, isBehind else { return }
        try connection.run("BEGIN")
        try attempt { () throws(SinkFailure) in
            guard let next = try self.next() else {
                isBehind = false
                return
            }
            guard next.hasCuts else { return try makeCuts() }
            var (sheet, last, rows) = (RollupSheet(), Int64?.none, 0)
            try connection.stream(
                "SELECT seq, line FROM hssgw_records WHERE instance = $1 AND seq >= $2 ORDER BY seq LIMIT \(Self.piece)",
                [instance, String(next.records)]
            ) { row in
                last = row.integer(0)
                rows += 1
                row.bytes(1)?.withUnsafeBytes { sheet.add($0) }
                return true
            }
            // Bounded: a row's number has 63 bits, and the journal's end at 62.
            if let last { try write(sheet, next: last.saturatingSum(1), withCuts: true) }
            isBehind = rows == Self.piece
        }
        try connection.run("COMMIT")
    }

    /// Runs `body` in a savepoint of the open transaction, which is rolled back when it fails.
    private func attempt(_ body: () throws(SinkFailure) -> Void) throws(SinkFailure) {
        try connection.run("SAVEPOINT hssgw_rollups")
        do throws(SinkFailure) {
            try body()
        } catch {
            // Group numbers of the rolled-back transaction are gone.
            groups = [:]
            isBehind = true
            // A lost connection fails here too.
            try connection.run("ROLLBACK TO SAVEPOINT hssgw_rollups")
            isAble = false
        }
    }

    // MARK: - Counts

    /// Up to which record an instance is counted.
    private struct Next {
        /// The number after the newest record.
        let records: Int64
        /// Whether its cuts count the same.
        let hasCuts: Bool

        init?(_ row: PostgreSQLRow) {
            guard let records = row.integer(0) else { return nil }
            (self.records, hasCuts) = (records, row.integer(1) == records)
        }
    }

    /// Locked until the transaction ends; nil if there are no records.
    private func next() throws(SinkFailure) -> Next? {
        let select = "SELECT next, cuts FROM hssgw_counted WHERE instance = $1 FOR UPDATE"
        if let known = try connection.run(select, [instance]).first.flatMap(Next.init) { return known }
        guard let first = try connection.run("SELECT min(seq) FROM hssgw_records WHERE instance = $1", [instance]).first?.integer(0) else {
            return nil
        }
        for table in Table.allCases { try connection.run("DELETE FROM \(table.rawValue) WHERE instance = $1", [instance]) }
        try connection.run("INSERT INTO hssgw_counted (instance, next, cuts) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING", [instance, String(first)])
        return try connection.run(select, [instance]).first.flatMap(Next.init)
    }

    private func forget() throws(SinkFailure) { try connection.run("DELETE FROM hssgw_counted WHERE instance = $1", [instance]) }

    private func write(_ sheet: RollupSheet, next: Int64, withCuts: Bool) throws(SinkFailure) {
        try store(withCuts ? sheet.rows : sheet.rows.filter { $0.key.cut == .full })
        try connection.run("UPDATE hssgw_counted SET next = $2\(withCuts ? ", cuts = $2" : "") WHERE instance = $1", [instance, String(next)])
        if let newest = sheet.newest { try prune(newest) }
    }

    /// Makes the cuts again from the rollups, which takes a moment for a copy of years.
    private func makeCuts() throws(SinkFailure) {
        try connection.run("DELETE FROM \(Table.cuts.rawValue) WHERE instance = $1", [instance])
        var (last, isAtEnd) = ([Int64](repeating: -1, count: 3), false)
        while !isAtEnd {
            var (rows, count) = ([RollupSheet.RowKey: Rollup](), 0)
            let groups = RollupGroup.columns.count
            try connection.stream(
                """
                SELECT r.step, r.slot, r.grp, \(RollupGroup.columns.map { "g.\($0)" }.joined(separator: ", ")),
                    \(Rollup.columns.map { "r.\($0)" }.joined(separator: ", "))
                FROM \(Table.rollups.rawValue) r JOIN hssgw_rollup_groups g ON g.id = r.grp
                WHERE r.instance = $1 AND (r.step, r.slot, r.grp) > ($2, $3, $4) ORDER BY r.step, r.slot, r.grp LIMIT \(Self.rows)
                """, [instance] + last.map { String($0) }
            ) { (row) throws(SinkFailure) in
                let group = RollupGroup(values: (3..<3 + groups).map { row.text($0) })
                guard let step = row.integer(0), let slot = row.integer(1), let number = row.integer(2),
                    let rollup = Rollup(values: (3 + groups..<3 + groups + Rollup.columns.count).map { row.text($0) })
                else { throw Self.unreadable(.rollups) }
                (last, count) = ([step, slot, number], count + 1)
                for cut in RollupCut.allCases where cut != .full {
                    rows[RollupSheet.RowKey(cut: cut, step: step, slot: slot, group: cut.group(of: group)), default: Rollup()].add(rollup)
                }
                return true
            }
            try store(rows)
            isAtEnd = count < Self.rows
        }
        try connection.run("UPDATE hssgw_counted SET cuts = next WHERE instance = $1", [instance])
    }

    // MARK: - Rows

    private enum Table: String, CaseIterable {
        case rollups = "hssgw_rollups"
        case cuts = "hssgw_rollup_cuts"

        /// The columns that identify its rows besides the instance.
        var key: [String] { self == .rollups ? ["step", "slot", "grp"] : ["cut", "step", "slot", "grp"] }
    }

    /// Adds to the existing rows.
    private func store(_ sums: [RollupSheet.RowKey: Rollup]) throws(SinkFailure) {
        var rows: [Table: [[Int64]: Rollup]] = [:]
        // A fixed order, to prevent deadlocks between two gateways that number new groups.
        let new = Set(sums.keys.map(\.group)).filter { groups[$0] == nil }.map { (group: $0, digest: Self.digest($0)) }
        for each in new.sorted(by: { $0.digest < $1.digest }) { groups[each.group] = try number(of: each.group, each.digest) }
        for (place, rollup) in sums {
            guard let group = groups[place.group] else { continue }
            let (table, key) = (place.cut == .full ? Table.rollups : .cuts, [place.cut.rawValue, place.step, place.slot, group])
            rows[table, default: [:]][Array(key.suffix(table.key.count)), default: Rollup()].add(rollup)
        }
        for (table, rows) in rows.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { try store(rows, in: table) }
    }

    private func store(_ added: [[Int64]: Rollup], in table: Table) throws(SinkFailure) {
        var rows = added
        let places = rows.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let (names, figures) = (table.key.joined(separator: ", "), Rollup.columns)
        let key = table.key.indices.map { column in Self.array(places.map { String($0[column]) }) }
        let numbers = key.indices.map { "$\($0 + 2)::bigint[]" }.joined(separator: ", ")
        let known = try connection.run(
            """
            SELECT \(names), \(figures.joined(separator: ", ")) FROM \(table.rawValue)
            WHERE instance = $1 AND (\(names)) IN (SELECT * FROM unnest(\(numbers)))
            """, [instance] + key)
        for row in known {
            let place = key.indices.compactMap { row.integer($0) }
            guard place.count == key.count, let before = Rollup(values: figures.indices.map { row.text(key.count + $0) }) else {
                throw Self.unreadable(table)
            }
            rows[place]?.add(before)
        }
        let values = places.map { rows[$0]?.values ?? [] }
        let columns = figures.indices.map { column in Self.array(values.map { $0[column] }) }
        let types = zip(figures.indices, ["bigint", "bigint", "text", "text", "bigint"]).map { "$\($0 + 2 + key.count)::\($1)[]" }
        try connection.run(
            """
            INSERT INTO \(table.rawValue) (instance, \(names), \(figures.joined(separator: ", ")))
            SELECT $1, * FROM unnest(\(numbers), \(types.joined(separator: ", ")))
            ON CONFLICT (instance, \(names)) DO UPDATE SET \(figures.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """, [instance] + key + columns)
    }

    private static func unreadable(_ table: Table) -> SinkFailure {
        SinkFailure("a row of \(table.rawValue) is none that was written there")
    }

    /// Deletes short slots past their retention; once a day.
    private func prune(_ newest: Int64) throws(SinkFailure) {
        let day = newest / 1_440
        guard day > pruned else { return }
        for (step, before) in RollupSheet.expired(newest: newest) {
            for table in Table.allCases {
                let cuts = table == .cuts ? " AND cut IN (\(RollupCut.allCases.map { String($0.rawValue) }.joined(separator: ", ")))" : ""
                try connection.run(
                    "DELETE FROM \(table.rawValue) WHERE instance = $1\(cuts) AND step = $2 AND slot < $3", [instance, String(step), String(before)])
            }
        }
        pruned = day
    }

    // MARK: - Groups

    private func number(of group: RollupGroup, _ digest: String) throws(SinkFailure) -> Int64 {
        let columns = RollupGroup.columns
        let select = "SELECT id FROM hssgw_rollup_groups WHERE digest = $1"
        var id = try connection.run(select, [digest]).first?.integer(0)
        if id == nil {
            let places = (0...columns.count).map { "$\($0 + 1)" }.joined(separator: ", ")
            try connection.run(
                "INSERT INTO hssgw_rollup_groups (digest, \(columns.joined(separator: ", "))) VALUES (\(places)) ON CONFLICT DO NOTHING",
                [digest] + group.values.map(CentralRow.storable))
            id = try connection.run(select, [digest]).first?.integer(0)
        }
        guard let id else { throw SinkFailure("hssgw_rollup_groups doesn't keep what is written there") }
        return id
    }

    private static func digest(_ group: RollupGroup) -> String {
        var hash = SHA256()
        for value in group.values {
            hash.update(data: Array(value.utf8))
            hash.update(data: [0])
        }
        return SHA256Hash(hash.finalize()).map(\.description) ?? ""
    }

    /// A PostgreSQL array in its text form; only of digits and blanks, which need no escapes.
    private static func array(_ values: [String]) -> String { "{\(values.map { "\"\($0)\"" }.joined(separator: ","))}" }
}
