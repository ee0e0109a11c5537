import Audit
import PostgreSQL

/// The records of an instance that the tables refused, in `hssgw_set_aside`.
struct SetAsideRecords {
    /// Leaves that are read at a time.
    private static let page = 1_000

    private let instance: String
    private let connection: PostgreSQLConnection
    private let exists: Bool

    /// A database of an older version has none.
    init(_ instance: String, _ connection: PostgreSQLConnection) throws(SinkFailure) {
        self.instance = instance
        self.connection = connection
        exists = try connection.run("SELECT to_regclass('hssgw_set_aside')").first?.text(0) != nil
    }

    /// The leaves of the records from a number on, without a gap, at most a page of them.
    func leaves(from first: UInt64, before end: UInt64) throws(SinkFailure) -> [SHA256Hash] {
        guard exists else { return [] }
        let rows = try connection.run(
            "SELECT seq, leaf FROM hssgw_set_aside WHERE instance = $1 AND seq >= $2 AND seq < $3 ORDER BY seq LIMIT \(Self.page)",
            [instance, String(Int64(clamping: first)), String(Int64(clamping: end))])
        var leaves: [SHA256Hash] = []
        for row in rows {
            // Bounded: a page above a number of 63 bits.
            guard row.integer(0) == Int64(clamping: first + UInt64(leaves.count)), let leaf = row.text(1).flatMap({ SHA256Hash(hexadecimal: $0) })
            else { break }
            leaves.append(leaf)
        }
        return leaves
    }

    /// The first of consecutive records that end right before a record; nil when the one before wasn't set aside.
    func beginning(before first: UInt64) throws(SinkFailure) -> UInt64? {
        guard exists, first > 0 else { return nil }
        let found = try connection.run("SELECT min(seq) FROM hssgw_set_aside WHERE instance = $1 AND seq < $2", [instance, String(first)]).first?
            .integer(0)
        return found.flatMap { $0 >= 0 ? UInt64($0) : nil }
    }
}
