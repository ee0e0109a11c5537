package import Audit
import Codecs

extension FleetArchive {
    /// A checkpoint in the central copy. Its signature has not been verified.
    package struct Checkpoint: Sendable, Hashable {
        package let instance: String
        package let size: Int64
        /// 64 digits; empty if the copy's note can't be read.
        package let root: String
        /// When the copy received it.
        package let time: Timestamp
    }

    /// The newest checkpoints of all gateways, or of one, newest first. It costs one index lookup for each gateway, not for each checkpoint.
    ///
    /// - Parameter query: `instance`, `since`, `until` and `limit` are used.
    package func checkpoints(_ query: RecordQuery) throws(InquiryError) -> [Checkpoint] {
        var sql = SQLFragment(
            """
            WITH RECURSIVE fleet AS (
                (SELECT instance FROM hssgw_checkpoints ORDER BY instance LIMIT 1)
                UNION ALL
                SELECT (SELECT instance FROM hssgw_checkpoints r WHERE r.instance > fleet.instance ORDER BY instance LIMIT 1)
                FROM fleet WHERE fleet.instance IS NOT NULL
            )
            SELECT f.instance, n.size, n.root, n.time_us FROM fleet f CROSS JOIN LATERAL (
                SELECT size, root, (extract(epoch FROM received_at) * 1000000)::bigint AS time_us FROM hssgw_checkpoints c
                WHERE c.instance = f.instance
            """, dialect: .postgresql)
        var isFirst = false
        if let instance = query.instance { sql.condition("c.instance", "=", .text(instance), isFirst: &isFirst) }
        let time = "(extract(epoch FROM c.received_at) * 1000000)::bigint"
        if let since = query.since { sql.condition(time, ">=", .integer(since.microseconds), isFirst: &isFirst) }
        if let until = query.until { sql.condition(time, "<", .integer(until.microseconds), isFirst: &isFirst) }
        sql.append(" ORDER BY c.size DESC LIMIT ")
        sql.append(.integer(Int64(query.limit)))
        sql.append("::bigint) n WHERE f.instance IS NOT NULL ORDER BY 4 DESC, 2 DESC LIMIT ")
        sql.append(.integer(Int64(query.limit)))
        sql.append("::bigint")
        return try fetch(sql).map { row in
            let root = row[2].flatMap { Base64.decode($0) }.flatMap { SHA256Hash($0) }
            return Checkpoint(
                instance: row[0] ?? "", size: row[1].flatMap { Int64($0) } ?? 0, root: root?.description ?? "",
                time: Timestamp(microseconds: max(0, row[3].flatMap { Int64($0) } ?? 0)))
        }
    }
}
