import Audit
import Crypto

/// How far the index has got.
struct IndexState: Sendable, Hashable {
    /// The oldest record in it.
    var first: UInt64 = 0
    /// The number after the newest one.
    var next: UInt64 = 0
    /// Where the next line begins.
    var place = JournalFiles.Position(segment: 0, offset: 0)
    /// Where the newest record's line begins, and its SHA-256: identifies the journal.
    var anchor = 0
    var digest = ""

    static func read(_ database: SQLiteConnection) throws -> IndexState {
        let state = try database.statement("SELECT first, next, segment, place, anchor, digest FROM state").first([]) { row in
            let (first, next) = (try row.number(0), try row.number(1))
            guard first <= next else { throw InquiryError.indexUnusable("it ends before it begins") }
            guard let digest = row.text(5) else { throw InquiryError.indexUnusable("it doesn't say whose it is") }
            return IndexState(
                first: UInt64(first), next: UInt64(next), place: .init(segment: UInt64(try row.number(2)), offset: Int(try row.number(3))),
                anchor: Int(try row.number(4)), digest: digest)
        }
        return state ?? IndexState()
    }

    func write(_ database: SQLiteConnection) throws {
        try database.execute(
            "UPDATE state SET first = ?, next = ?, segment = ?, place = ?, anchor = ?, digest = ?",
            .integer(Int64(first)), .integer(Int64(next)), .integer(Int64(place.segment)), .integer(Int64(place.offset)), .integer(Int64(anchor)),
            .text(digest))
    }

    /// Whether it belongs to this journal.
    func isOf(_ files: JournalFiles) throws(InquiryError) -> Bool {
        guard !digest.isEmpty else { return true }
        guard let segment = files.segments.first(where: { $0.first == place.segment }) else {
            // Old segments are removed after their retention; an index can't be ahead of its journal.
            return files.segments.last.map { $0.first > place.segment } ?? false
        }
        guard let line = try files.line(at: anchor, in: segment) else { return false }
        return SHA256Hash(SHA256.hash(data: line))?.description == digest
    }
}
