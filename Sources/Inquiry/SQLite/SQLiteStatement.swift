import Audit
import CSQLite

/// A value that is bound to a placeholder.
enum SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    init(integerLiteral value: Int64) { self = .integer(value) }
    init(stringLiteral value: String) { self = .text(value) }
}

/// A prepared statement. Used by one loop at a time: it is reset after its last row, or when it is run again.
final class SQLiteStatement {
    private let handle: OpaquePointer

    /// - Parameter connection: the statement's connection; SQLite keeps it open until the statement is finalised.
    init(_ sql: String, _ connection: OpaquePointer) throws(SQLiteError) {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &prepared, nil) == SQLITE_OK, let prepared else { throw SQLiteError(connection) }
        handle = prepared
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it to its end; rows are ignored.
    func execute(_ values: [SQLiteValue]) throws(SQLiteError) {
        try begin(values)
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    /// Passes the rows to `body` one after the other until it returns false.
    func forEach(_ values: [SQLiteValue], _ body: (SQLiteRow) throws -> Bool) throws {
        try begin(values)
        defer { sqlite3_reset(handle) }
        while try step() { guard try body(SQLiteRow(handle)) else { return } }
    }

    /// The result of `body` for the first row; nil without one.
    func first<Value>(_ values: [SQLiteValue], _ body: (SQLiteRow) throws -> Value) throws -> Value? {
        try begin(values)
        defer { sqlite3_reset(handle) }
        return try step() ? try body(SQLiteRow(handle)) : nil
    }

    /// Steps of SQLite's virtual machine (sqlite.org/c3ref/c_stmtstatus_counter.html) since it was prepared.
    var steps: Int { Int(sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 0)) }

    private func begin(_ values: [SQLiteValue]) throws(SQLiteError) {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        for (index, value) in values.enumerated() {
            switch value {
            case .integer(let number): try check(sqlite3_bind_int64(handle, Int32(index + 1), number))
            case .text(let text):
                var text = text
                let code = text.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) {
                        csqlite_bind_text(handle, Int32(index + 1), $0.baseAddress, Int32(clamping: $0.count))
                    }
                }
                try check(code)
            case .bytes(let bytes):
                try check(bytes.withUnsafeBytes { csqlite_bind_blob(handle, Int32(index + 1), $0.baseAddress, Int32(clamping: $0.count)) })
            }
        }
    }

    /// Whether there is another row.
    private func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw SQLiteError(sqlite3_db_handle(handle))
        }
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw SQLiteError(sqlite3_db_handle(handle)) }
    }
}

/// The current row of a statement. Valid only inside the closure that it is passed to: the statement continues after
/// that.
struct SQLiteRow {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

    /// A column's number as it is; 0 if it is no number. For values that the program itself computes; see `number` for values
    /// from a file.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// A column as a number that the index can have written: from 0 to the largest number of a record. Anything else means that the file was
    /// damaged; then the index isn't used any more, and the process goes on.
    func number(_ column: Int32, upTo highest: Int64 = Int64(SequenceNumber.maximum.value)) throws -> Int64 {
        let number = integer(column)
        guard sqlite3_column_type(handle, column) == SQLITE_INTEGER, (0...highest).contains(number) else {
            throw InquiryError.indexUnusable("one of its numbers is none that it can have written")
        }
        return number
    }

    /// The same for a column that may be NULL.
    func optionalNumber(_ column: Int32, upTo highest: Int64 = Int64(SequenceNumber.maximum.value)) throws -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : try number(column, upTo: highest)
    }

    /// A column's text; nil if it is no text.
    func text(_ column: Int32) -> String? {
        // The order is required by SQLite: the text first, then its length
        // (sqlite.org/c3ref/column_blob.html).
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT, let bytes = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Passes a column's text to `body`, byte for byte and without a copy; false if it is no text.
    func withText(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT, let bytes = sqlite3_column_text(handle, column) else { return false }
        return body(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// The result of `body` for a column's bytes, without a copy. Anything but bytes means that the file was
    /// damaged.
    func withBytes<Value>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Value) throws -> Value {
        guard sqlite3_column_type(handle, column) == SQLITE_BLOB else {
            throw InquiryError.indexUnusable("one of its columns is none that it can have written")
        }
        // The order is required by SQLite: the bytes first, then their number.
        let start = sqlite3_column_blob(handle, column)
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
    }
}
