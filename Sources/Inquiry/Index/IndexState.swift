import Audit
import Crypto
import GRDB

/// How far the index is.
struct IndexState: Sendable, Hashable {
    /// The oldest record that it knows.
    var first: UInt64 = 0
    /// The number behind the newest one.
    var next: UInt64 = 0
    /// Where the next line begins.
    var place = JournalFiles.Place(segment: 0, offset: 0)
    /// Where the newest record's line begins, and its SHA-256: whether it's the same journal.
    var anchor = 0
    var digest = ""

    static func read(_ database: Database) throws -> IndexState {
        guard let row = try Row.fetchOne(database, sql: "SELECT first, next, segment, place, anchor, digest FROM state") else { return IndexState() }
        return IndexState(
            first: UInt64(row[0] as Int64), next: UInt64(row[1] as Int64),
            place: .init(segment: UInt64(row[2] as Int64), offset: Int(row[3] as Int64)), anchor: Int(row[4] as Int64), digest: row[5])
    }

    func write(_ database: Database) throws {
        try database.execute(
            sql: "UPDATE state SET first = ?, next = ?, segment = ?, place = ?, anchor = ?, digest = ?",
            arguments: [Int64(first), Int64(next), Int64(place.segment), Int64(place.offset), Int64(anchor), digest])
    }

    /// Whether it tells of this journal.
    func isOf(_ files: JournalFiles) throws(InquiryError) -> Bool {
        guard !digest.isEmpty else { return true }
        guard let segment = files.segments.first(where: { $0.first == place.segment }) else {
            // Old segments go when their time is over; an index can't have been further than a journal is now.
            return files.segments.last.map { $0.first > place.segment } ?? false
        }
        guard let line = try files.line(at: anchor, in: segment) else { return false }
        return SHA256Hash(SHA256.hash(data: line))?.description == digest
    }
}
