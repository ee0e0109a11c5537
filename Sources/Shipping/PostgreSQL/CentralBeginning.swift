import Audit
import PostgreSQL

/// The beginning of a central copy of a journal whose first records were removed by retention before they could be copied. The file `removed`
/// contains the evidence about them, under a signed checkpoint; it is stored with the records, so that the copy can be verified from there on.
enum CentralBeginning {
    /// Where to begin an empty copy: with record 0, or after the removed records, once the evidence about them is stored.
    static func settle(_ journal: JournalView, _ connection: PostgreSQLConnection) throws(SinkFailure) -> SequenceNumber {
        guard let removed = journal.removed() else { return SequenceNumber(0) }
        try connection.run(
            "INSERT INTO hssgw_beginnings (instance, seq, removed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            [journal.instance, String(removed.tree.size), removed.text])
        return SequenceNumber(removed.tree.size)
    }

    /// The evidence about the records before the copy's first; nil when it begins with record 0, or when none was stored.
    static func find(_ instance: String, _ connection: PostgreSQLConnection) throws(SinkFailure) -> RemovedPrefix? {
        guard try connection.run("SELECT to_regclass('hssgw_beginnings')").first?.text(0) != nil else { return nil }
        let found = try connection.run(
            """
            SELECT removed FROM hssgw_beginnings WHERE instance = $1
            AND seq = (SELECT min(seq) FROM hssgw_records WHERE instance = $1)
            """, [instance]
        ).first?.text(0)
        return found.flatMap { RemovedPrefix($0) }
    }
}
