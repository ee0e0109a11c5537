import Files
import Audit
import Glibc

/// The location of the index, and how it is opened.
package struct IndexFile: Sendable, Hashable {
    /// The directory below the journal's, which may be deleted as a whole.
    let directory: String
    /// The database.
    let path: String

    /// The index of the journal in a directory.
    package init(journal: String) {
        directory = journal + "/index"
        path = directory + "/records.sqlite"
    }

    /// SQLite's log and shared memory are files next to the database.
    private var files: [String] { [path, path + "-wal", path + "-shm"] }

    /// The total size, bytes.
    package var size: Int {
        files.reduce(0) { total, file in
            var status = stat()
            return stat(file, &status) == 0 ? total + Int(status.st_size) : total
        }
    }

    /// The identity of the file under the path; it differs from that of the open index if that was deleted.
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

    /// Opens it to write; if it is not an index of this version, it is created again.
    func openToWrite() throws(InquiryError) -> SQLiteConnection {
        if let connection = try? open(), (try? connection.read { try IndexSchema.isCurrent($0) }) == true { return connection }
        return try make()
    }

    /// Replaces whatever is there by an empty one.
    func make() throws(InquiryError) -> SQLiteConnection {
        for file in files { unlink(file) }
        // SQLite gives its other files to the database's owner.
        let descriptor = RegularFile.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        if descriptor >= 0 {
            FileOwner.inherit(descriptor, from: directory)
            close(descriptor)
        }
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
    /// Pages that are collected in the log before they are moved: few syncs, since a lost index can be
    /// rebuilt.
    private static let checkpointPages = 8_192
    /// The writer's cache, KiB.
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
    /// SQLite's errors with its own text, which contains no value of a record.
    init(_ error: any Error) {
        self = error as? InquiryError ?? .indexUnusable((error as? SQLiteError)?.message ?? "\(error)")
    }
}
