package import Audit

/// The central copy of many gateways' journals for readers, in one order: time, then gateway, then number. It contains what was shipped so far.
///
/// 1. Columns only find records; a record's content is its line. A row whose time, gateway or number differs from its line ends the answer.
/// 2. The next page begins after the last row's time, gateway and number, so that memory stays constant and new rows shift no page.
package struct FleetArchive: RecordSource {
    /// Runs a statement and returns its rows, a column's value as PostgreSQL writes it.
    package typealias Fetch = @Sendable (SQLFragment) throws(InquiryError) -> [[String?]]

    /// Rows of one query.
    static let group = 2_000
    /// The same, while the size of rows is unknown.
    static let firstGroup = 100
    static let table = "hssgw_records"

    package var bounds = RecordPage.Bounds()
    let fetch: Fetch

    /// Creates the archive of the database that a closure queries.
    package init(fetch: @escaping Fetch) {
        self.fetch = fetch
    }

    package func cursor(behind record: JournalRecord) -> RecordCursor {
        RecordCursor(sequence: record.sequence, fleet: .init(instance: record.instance ?? "", microseconds: record.time.microseconds))
    }

    package func forEach(_ query: RecordQuery, _ body: (JournalRecord) -> Bool) throws(InquiryError) {
        var page = query
        page.limit = min(query.limit, Self.firstGroup)
        var largest = 0
        while true {
            let rows = try fetch(page.selection("line, instance, seq, time_us", from: Self.table, columns: .central))
            var last: JournalRecord?
            for row in rows {
                let record = try Self.record(row)
                last = record
                largest = max(largest, record.line.count)
                if query.matches(record), !body(record) { return }
            }
            guard rows.count > page.limit, let last else { return }
            page.cursor = cursor(behind: last)
            page.limit = bounds.piece(largest: largest, most: Self.group)
        }
    }

    /// One statement for all of them: the database is a network away.
    package func exchanges(of records: [JournalRecord]) throws(InquiryError) -> [String: [JournalRecord]]? {
        // PostgreSQL's text type can't contain a NUL, which no valid id contains.
        let ids = Set(records.compactMap { $0[.id] }.filter { !$0.utf8.contains(0) })
        guard !ids.isEmpty else { return [:] }
        var sql = SQLFragment("SELECT r.* FROM unnest(", dialect: .postgresql)
        let quoted = ids.map { "\"" + $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }
        sql.append(.text("{" + quoted.joined(separator: ",") + "}"))
        sql.append(
            """
            ::text[]) AS w(id) CROSS JOIN LATERAL (
                SELECT line, instance, seq, time_us FROM \(Self.table) WHERE \(Self.table).id = w.id
                ORDER BY time_us, instance, seq LIMIT \(recordsOfExchange)
            ) r ORDER BY r.time_us, r.instance, r.seq
            """)
        var found: [String: [JournalRecord]] = [:]
        for row in try fetch(sql) {
            let record = try Self.record(row)
            if let id = record[.id] { found[id, default: []].append(record) }
        }
        return found
    }

    static func record(_ row: [String?]) throws(InquiryError) -> JournalRecord {
        let (instance, sequence) = (row[1] ?? "", row[2].flatMap { Int64($0) } ?? -1)
        guard let line = row[0], var record = JournalRecord(Array(line.utf8)), Int64(exactly: record.sequence) == sequence,
            row[3].flatMap({ Int64($0) }) == record.time.microseconds
        else { throw .copyTouched(instance: instance, sequence: sequence) }
        record.copiedFrom = instance
        return record
    }
}

extension FleetArchive {
    /// One gateway of the fleet, according to the central copy.
    package struct Member: Sendable, Hashable {
        package let instance: String
        /// The number after its newest record.
        package let end: Int64
        /// The time of its newest record.
        package let newest: Timestamp
        /// The size of its newest checkpoint, whose signature has not been verified.
        package let signed: Int64
        /// Whether its newest record stands under another name, too, of which there is more: its journal counts there.
        package let isDuplicate: Bool

        /// How old its newest record is, seconds: the copy is behind by at most that much.
        // Bounded: timestamps lie between 1970 and 9999, whose microseconds are a thirtieth of what fits.
        package func age(at time: Timestamp) -> Int64 { max(0, (time.microseconds - newest.microseconds) / 1_000_000) }
    }

    /// The gateways that have records, by name. It costs one index lookup for each, however many records there are.
    package func members() throws(InquiryError) -> [Member] {
        let sql = """
            WITH RECURSIVE fleet AS (
                (SELECT instance FROM hssgw_records ORDER BY instance LIMIT 1)
                UNION ALL
                SELECT (SELECT instance FROM hssgw_records r WHERE r.instance > fleet.instance ORDER BY instance LIMIT 1)
                FROM fleet WHERE fleet.instance IS NOT NULL
            )
            SELECT f.instance, n.seq, n.time_us, coalesce((SELECT max(size) FROM hssgw_checkpoints c WHERE c.instance = f.instance), 0),
                EXISTS (SELECT FROM hssgw_records o WHERE o.id = n.id AND o.seq = n.seq AND o.line = n.line AND o.instance <> f.instance
                    AND (o.instance < f.instance OR EXISTS (SELECT FROM hssgw_records b WHERE b.instance = o.instance AND b.seq > n.seq)))
            FROM fleet f
            CROSS JOIN LATERAL (SELECT seq, time_us, id, line FROM hssgw_records r WHERE r.instance = f.instance ORDER BY seq DESC LIMIT 1) n
            WHERE f.instance IS NOT NULL ORDER BY 1 LIMIT 1000
            """
        return try fetch(SQLFragment(sql, dialect: .postgresql)).map { row in
            Member(
                instance: row[0] ?? "", end: (row[1].flatMap { Int64($0) } ?? -1).saturatingSum(1),
                newest: Timestamp(microseconds: row[2].flatMap { Int64($0) } ?? 0), signed: row[3].flatMap { Int64($0) } ?? 0,
                isDuplicate: row[4] == "t")
        }
    }
}
