import Audit
import PostgreSQL

/// Signed checkpoints in the central database.
enum CentralCheckpoint {
    /// Stores a note. The same note again changes nothing; another root for the same size is stored too, because it is evidence.
    static func insert(_ note: String, of instance: String, _ connection: PostgreSQLConnection) throws(SinkFailure) {
        let lines = note.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count == 4, let size = Int64(lines[1]), size >= 0 else { throw SinkFailure("the checkpoint has no size") }
        try connection.run(
            "INSERT INTO hssgw_checkpoints (instance, size, root, note) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            [instance, String(size), String(lines[2]), note]
        )
    }
}
