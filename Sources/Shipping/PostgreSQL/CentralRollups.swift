import Audit
import Crypto
import Inquiry
import PostgreSQL

/// Keeps one instance's rollups in the central copy, in the transaction that writes its records. Where the tables have records that nothing has
/// counted, because they are older than the rollups or because rows were put back, these are counted afterwards, in pieces.
///
/// `hssgw_counted` says which records the rollups count: all below a number. Deleting an instance's row there makes the gateway count it again.
final class CentralRollups {
    /// Records that are counted afterwards in one transaction.
    private static let piece = 5_000

    private let instance: String
    private let connection: PostgreSQLConnection
    /// Numbers of groups that are committed.
    private var groups: [RollupGroup: Int64] = [:]
    /// Whether there may be records that are not counted.
    private(set) var isBehind = true
    /// False once the role lacked the rights for it; records are copied all the same, and readers count them from their lines.
    private var isAble = true
    /// The day, by its first minute, up to which short slots were taken out.
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
            guard let first, let next, next == Int64(clamping: first) else {
                // Rows that are put back may have been counted or not: only all of them together can be counted once.
                if let first, let next, next > Int64(clamping: first) { try forget() }
                isBehind = true
                return
            }
            try write(sheet, next: Int64(clamping: end))
        }
    }

    /// Counts some of the records that were not counted when they came, in a transaction of its own.
    func catchUp() throws(SinkFailure) {
        guard isAble, isBehind else { return }
        try connection.run("BEGIN")
        try attempt { () throws(SinkFailure) in
            guard let next = try self.next() else {
                isBehind = false
                return
            }
            var (sheet, last, rows) = (RollupSheet(), Int64?.none, 0)
            try connection.stream(
                "SELECT seq, line FROM hssgw_records WHERE instance = $1 AND seq >= $2 ORDER BY seq LIMIT \(Self.piece)", [instance, String(next)]
            ) { row in
                last = row.integer(0)
                rows += 1
                row.bytes(1)?.withUnsafeBytes { sheet.add($0) }
                return true
            }
            // Bounded: a row's number has 63 bits, and the journal's end at 62.
            if let last { try write(sheet, next: last.saturatingSum(1)) }
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

    // MARK: - What was counted

    /// The number behind the newest record that was counted, which nobody else changes before the transaction ends; nothing where there are no
    /// records.
    private func next() throws(SinkFailure) -> Int64? {
        let select = "SELECT next FROM hssgw_counted WHERE instance = $1 FOR UPDATE"
        if let known = try connection.run(select, [instance]).first?.integer(0) { return known }
        guard let first = try connection.run("SELECT min(seq) FROM hssgw_records WHERE instance = $1", [instance]).first?.integer(0) else {
            return nil
        }
        try connection.run("DELETE FROM hssgw_rollups WHERE instance = $1", [instance])
        try connection.run("INSERT INTO hssgw_counted (instance, next) VALUES ($1, $2) ON CONFLICT DO NOTHING", [instance, String(first)])
        return try connection.run(select, [instance]).first?.integer(0)
    }

    private func forget() throws(SinkFailure) { try connection.run("DELETE FROM hssgw_counted WHERE instance = $1", [instance]) }

    private func write(_ sheet: RollupSheet, next: Int64) throws(SinkFailure) {
        var rows: [RollupRow: Rollup] = [:]
        // One order for all, so that two gateways that number new groups never wait for each other.
        for (place, rollup) in sheet.rows.sorted(by: { Self.digest($0.key.group) < Self.digest($1.key.group) }) {
            rows[RollupRow(step: place.step, slot: place.slot, group: try number(of: place.group)), default: Rollup()].add(rollup)
        }
        let places = rows.keys.sorted { ($0.step, $0.slot, $0.group) < ($1.step, $1.slot, $1.group) }
        let key = [places.map { String($0.step) }, places.map { String($0.slot) }, places.map { String($0.group) }].map(Self.array)
        let known = try connection.run(
            """
            SELECT step, slot, grp, \(Rollup.columns.joined(separator: ", ")) FROM hssgw_rollups
            WHERE instance = $1 AND (step, slot, grp) IN (SELECT * FROM unnest($2::integer[], $3::bigint[], $4::bigint[]))
            """, [instance] + key)
        for row in known {
            guard let step = row.integer(0), let slot = row.integer(1), let group = row.integer(2),
                let before = Rollup(values: (3..<8).map { row.text($0) })
            else { throw SinkFailure("a row of hssgw_rollups is none that was written there") }
            rows[RollupRow(step: step, slot: slot, group: group)]?.add(before)
        }
        let values = places.map { rows[$0]?.values ?? [] }
        let columns = Rollup.columns.indices.map { column in Self.array(values.map { $0[column] }) }
        try connection.run(
            """
            INSERT INTO hssgw_rollups (instance, step, slot, grp, \(Rollup.columns.joined(separator: ", ")))
            SELECT $1, * FROM unnest($2::integer[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::bigint[])
            ON CONFLICT (instance, step, slot, grp) DO UPDATE SET
                \(Rollup.columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """, [instance] + key + columns)
        try connection.run("UPDATE hssgw_counted SET next = $2 WHERE instance = $1", [instance, String(next)])
        if let newest = sheet.newest { try prune(newest) }
    }

    private struct RollupRow: Hashable {
        let step: Int64
        let slot: Int64
        let group: Int64
    }

    /// Deletes short slots past their retention; once a day.
    private func prune(_ newest: Int64) throws(SinkFailure) {
        let day = newest / 1_440
        guard day > pruned else { return }
        for (step, before) in RollupSheet.expired(newest: newest) {
            try connection.run("DELETE FROM hssgw_rollups WHERE instance = $1 AND step = $2 AND slot < $3", [instance, String(step), String(before)])
        }
        pruned = day
    }

    // MARK: - Groups

    private func number(of group: RollupGroup) throws(SinkFailure) -> Int64 {
        if let known = groups[group] { return known }
        let (digest, columns) = (Self.digest(group), RollupGroup.columns)
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
        groups[group] = id
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

    /// An array of PostgreSQL in its text form; of digits and blanks alone, which need no escapes.
    private static func array(_ values: [String]) -> String { "{\(values.map { "\"\($0)\"" }.joined(separator: ","))}" }
}
