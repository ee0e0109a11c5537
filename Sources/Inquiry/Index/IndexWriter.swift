import Files
import Audit
import Glibc

/// Keeps the index up to date with the journal. There is one writer at a time for each index, enforced by a lock on its directory; it is
/// confined to the thread that created it.
package final class IndexWriter {
    /// Records of one transaction.
    private static let batchSize = 8_192

    private let journal: String
    private let file: IndexFile
    private let lock: Int32
    private var database: SQLiteConnection?
    private var identity: [UInt64]?
    private var facets: [ByteKey: Int64] = [:]
    private var groups: [RollupBatch.Key: Int64] = [:]

    /// Takes the lock and opens the index, or creates it.
    package init(journal: String) throws(InquiryError) {
        let file = IndexFile(journal: journal)
        let isNew = mkdir(file.directory, 0o700) == 0
        let descriptor = open(file.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .directoryUnreadable(path: file.directory, code: errno) }
        if isNew { FileOwner.inherit(descriptor, from: journal) }
        guard access(file.directory, W_OK) == 0 else {
            close(descriptor)
            throw .directoryUnreadable(path: file.directory, code: EACCES)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .indexInUse
        }
        // Before the last of the properties has a value: from then on a failing init runs deinit as well, and a descriptor that is closed twice may
        // belong to another file the second time.
        let opened: SQLiteConnection
        do throws(InquiryError) {
            opened = try file.openToWrite()
        } catch {
            close(descriptor)
            throw error
        }
        self.journal = journal
        self.file = file
        lock = descriptor
        database = opened
        identity = file.identity
    }

    deinit {
        database = nil
        close(lock)
    }

    /// Whether the open index was deleted.
    package var isGone: Bool { identity == nil || file.identity != identity }

    /// Indexes all records that are not in the index yet; returns the number after the newest one.
    ///
    /// - Parameter mayGoOn: called between transactions.
    @discardableResult
    package func catchUp(mayGoOn: () -> Bool = { true }) throws(InquiryError) -> UInt64 {
        do throws(InquiryError) {
            return try readOn(mayGoOn)
        } catch {
            guard case .indexUnusable = error else { throw error }
            // Whatever is wrong with it: it can be rebuilt, once.
            try makeAnew()
            return try readOn(mayGoOn)
        }
    }

    /// The connection, even if an earlier rebuild failed.
    private func connection() throws(InquiryError) -> SQLiteConnection {
        if let database { return database }
        let made = try file.openToWrite()
        (database, identity) = (made, file.identity)
        return made
    }

    private func makeAnew() throws(InquiryError) {
        // Closed before its file is deleted.
        database = nil
        database = try file.make()
        identity = file.identity
        facets = [:]
        groups = [:]
    }

    private func readOn(_ mayGoOn: () -> Bool) throws(InquiryError) -> UInt64 {
        let files = try JournalFiles(directory: journal)
        do {
            var state = try reconcile(with: files)
            while mayGoOn() {
                let next = try connection().write { try batch($0, files, state) }
                guard next.next != state.next else { break }
                state = next
            }
            return state.next
        } catch {
            throw InquiryError(error)
        }
    }

    private func batch(_ database: SQLiteConnection, _ files: JournalFiles, _ state: IndexState) throws -> IndexState {
        var batch = IndexBatch(database, state: state, facets: facets, groups: groups)
        let isNew = state.next == 0 && state.digest.isEmpty
        var fault: (any Error)?
        try files.forEachRecord(from: isNew ? 0 : state.next, hint: isNew ? nil : state.place) { visit in
            do {
                try batch.add(visit)
            } catch {
                fault = error
            }
            return fault == nil && batch.count < Self.batchSize
        }
        if let fault { throw fault }
        facets = try batch.finish()
        groups = batch.groups
        return batch.state
    }

    /// Whether the index belongs to this journal, and to all of it that still exists. Records that were removed are deleted from it; if it
    /// belongs to another journal, it is rebuilt.
    private func reconcile(with files: JournalFiles) throws -> IndexState {
        var state = try connection().read { try IndexState.read($0) }
        guard !state.digest.isEmpty else { return state }
        guard try state.isOf(files) else {
            try makeAnew()
            return IndexState()
        }
        // A later segment that begins before the index's end: the disk failed, and the journal wrote its last records again. The rollups can't
        // subtract them, so everything is counted again.
        guard !files.segments.contains(where: { $0.first > state.place.segment && $0.first < state.next }) else {
            try makeAnew()
            return IndexState()
        }
        if let oldest = files.segments.first?.first, oldest > state.first {
            state.first = oldest
            try connection().write { try IndexWriter.remove($0, before: oldest, state) }
        }
        return state
    }

    private static func remove(_ database: SQLiteConnection, before sequence: UInt64, _ state: IndexState) throws {
        let number = Int64(sequence)
        try database.execute("DELETE FROM record WHERE block < ?", .integer(number >> RecordBlock.shift))
        // By facet, since that is the order of the rows.
        try database.execute(
            "DELETE FROM facet_block WHERE facet IN (SELECT id FROM facet) AND block < ?", .integer(number >> FacetBlock.shift))
        try MarkTable.remove(before: number, database)
        try database.execute("DELETE FROM span WHERE number < ?", .integer(Int64(sequence >> IndexSchema.spanShift)))
        // Spans of time in which no record is left; those at the edge still count their removed records.
        if let earliest = try database.integer("SELECT min(earliest) FROM span") {
            let minute = RollupEntry.minute(earliest)
            for cut in RollupCut.allCases {
                for step in RollupStep.allCases {
                    try database.execute(
                        "DELETE FROM rollup WHERE cut = ? AND step = ? AND slot < ?", .integer(cut.rawValue), .integer(step.rawValue),
                        .integer(step.slot(minute)))
                }
            }
        }
        try state.write(database)
    }
}
