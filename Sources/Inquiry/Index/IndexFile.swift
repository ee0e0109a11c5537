import Glibc

/// Where the index lies, and how it is opened.
package struct IndexFile: Sendable, Hashable {
    /// The directory below the journal's, which may be deleted whole.
    let directory: String
    /// The database.
    let path: String

    /// The index of the journal in a directory.
    package init(journal: String) {
        directory = journal + "/index"
        path = directory + "/records.sqlite"
    }

    /// SQLite keeps its log and its shared memory beside the database.
    private var files: [String] { [path, path + "-wal", path + "-shm"] }

    /// The size of all of it, bytes.
    package var size: Int {
        files.reduce(0) { total, file in
            var status = stat()
            return stat(file, &status) == 0 ? total + Int(status.st_size) : total
        }
    }

    /// Which file stands under the path now; a deleted index has another identity than the one that is open.
    var identity: [UInt64]? {
        var status = stat()
        return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
    }

    /// Opens it to read, if there is one of this version.
    func openToRead() throws(InquiryError) -> SQLiteConnection? {
        guard access(path, R_OK) == 0 else { return nil }
        do {
            let connection = try SQLiteConnection(path: path, .read, patience: Self.patience)
            return try connection.read { try IndexSchema.isCurrent($0) } ? connection : nil
        } catch {
            throw InquiryError(error)
        }
    }

    /// Opens it to write; what is no index of this version is made anew.
    func openToWrite() throws(InquiryError) -> SQLiteConnection {
        if let connection = try? open(), (try? connection.read { try IndexSchema.isCurrent($0) }) == true { return connection }
        return try make()
    }

    /// Makes an empty one in the place of whatever stands there.
    func make() throws(InquiryError) -> SQLiteConnection {
        for file in files { unlink(file) }
        do {
            let connection = try open()
            try connection.write { try IndexSchema.create(in: $0) }
            return connection
        } catch {
            throw InquiryError(error)
        }
    }

    /// Longest wait for a lock of another connection, milliseconds.
    private static let patience: Int32 = 5_000
    /// Pages that gather in the log before they are moved: few syncs, since a lost index is made anew.
    private static let checkpointPages = 8_192
    /// The cache of whoever writes, KiB.
    private static let cacheKiB = 32_768

    private func open() throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, .write, patience: Self.patience)
        try connection.execute("PRAGMA journal_mode = WAL")
        try connection.execute("PRAGMA synchronous = NORMAL")
        try connection.execute("PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
        try connection.execute("PRAGMA cache_size = -\(Self.cacheKiB)")
        for file in files { chmod(file, 0o600) }
        return connection
    }
}

extension InquiryError {
    /// SQLite's errors in its own words; they name no value of a record.
    init(_ error: any Error) {
        self = error as? InquiryError ?? .indexUnusable((error as? SQLiteError)?.message ?? "\(error)")
    }
}
