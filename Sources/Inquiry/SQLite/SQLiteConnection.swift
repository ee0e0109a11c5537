import CSQLite

/// A connection to a SQLite database, with its prepared statements. Confined to the thread or task that opened it: SQLite's own locks are off.
final class SQLiteConnection {
    /// How a file is opened.
    enum Access {
        case read
        /// Creates the file if there is none.
        case write
    }

    private let handle: OpaquePointer
    /// Statements by their text. The program has a fixed number of texts, so this is bounded.
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens a file.
    /// - Parameter patience: how long a statement waits for a lock of another connection, milliseconds.
    init(path: String, _ access: Access, patience: Int32) throws(SQLiteError) {
        let how = access == .read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, how | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            // Even a failed open may return a handle, which contains the message.
            let error = SQLiteError(opened)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        sqlite3_busy_timeout(handle, patience)
    }

    deinit {
        // Statements keep the database open until the last one is finalised; `close_v2` waits for them.
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// A statement, prepared once for the whole connection.
    func statement(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        let made = try SQLiteStatement(sql, handle)
        statements[sql] = made
        return made
    }

    /// Runs a statement to its end.
    func execute(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) {
        try statement(sql).execute(values)
    }

    /// The first column of the first row, as a number; nil without a row.
    func integer(_ sql: String, _ values: SQLiteValue...) throws -> Int64? {
        try statement(sql).first(values) { $0.integer(0) }
    }

    /// Steps of SQLite's virtual machine that the statements have taken: a measure of cost that doesn't depend on
    /// the load of the machine.
    var steps: Int { statements.values.reduce(0) { $0 + $1.steps } }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    // MARK: - Transactions

    /// Everything that `body` reads is consistent.
    func read<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try transaction("BEGIN DEFERRED", body)
    }

    /// What `body` writes is committed as a whole, or not at all when it throws.
    func write<Value>(_ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try transaction("BEGIN IMMEDIATE", body)
    }

    private func transaction<Value>(_ begin: String, _ body: (SQLiteConnection) throws -> Value) throws -> Value {
        try execute(begin)
        do {
            let value = try body(self)
            try execute("COMMIT")
            return value
        } catch {
            // Some errors make SQLite roll back by itself; then there is no transaction to end.
            if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }
}

/// SQLite's error message, which names tables and columns, never a value.
struct SQLiteError: Error {
    let message: String

    /// - Parameter handle: the connection on which the last call failed; nil if SQLite had no memory for one.
    init(_ handle: OpaquePointer?) {
        message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
    }
}
