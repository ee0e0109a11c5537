import Audit
import CSQLite

/// A value that is bound to a placeholder.
enum SQLiteValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case integer(Int64)
    case text(String)

    init(integerLiteral value: Int64) { self = .integer(value) }
    init(stringLiteral value: String) { self = .text(value) }
}

/// A prepared statement. Used by one loop at a time: it is reset when its rows are through, or when it is run again.
final class SQLiteStatement {
    private let handle: OpaquePointer

    /// - Parameter connection: whose statement it is; SQLite keeps the connection open until the statement is finalised.
    init(_ sql: String, _ connection: OpaquePointer) throws(SQLiteError) {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(connection, sql, -1, &prepared, nil) == SQLITE_OK, let prepared else { throw SQLiteError(connection) }
        handle = prepared
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it to its end; rows are passed over.
    func execute(_ values: [SQLiteValue]) throws(SQLiteError) {
        try begin(values)
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    /// Runs it with numbers only, in the order of the placeholders; without an array of values, since a record takes a dozen.
    func execute(_ first: Int64, _ second: Int64, _ third: Int64, _ fourth: Int64? = nil) throws(SQLiteError) {
        sqlite3_reset(handle)
        defer { sqlite3_reset(handle) }
        try check(sqlite3_bind_int64(handle, 1, first))
        try check(sqlite3_bind_int64(handle, 2, second))
        try check(sqlite3_bind_int64(handle, 3, third))
        if let fourth { try check(sqlite3_bind_int64(handle, 4, fourth)) }
        while try step() {}
    }

    /// Passes the rows to `body` one after the other until it returns false.
    func forEach(_ values: [SQLiteValue], _ body: (SQLiteRow) throws -> Bool) throws {
        try begin(values)
        defer { sqlite3_reset(handle) }
        while try step() { guard try body(SQLiteRow(handle)) else { return } }
    }

    /// What `body` makes of the first row; nil without one.
    func first<Value>(_ values: [SQLiteValue], _ body: (SQLiteRow) throws -> Value) throws -> Value? {
        try begin(values)
        defer { sqlite3_reset(handle) }
        return try step() ? try body(SQLiteRow(handle)) : nil
    }

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

/// The row that a statement stands on. Good only inside the closure that was given it: the statement goes on behind that.
struct SQLiteRow {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

    /// A column's number as it is; 0 where it is none. For what the program itself computes; see `number` for what a file says.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// A column as a number that the index can have written: from 0 to the largest number of a record. Anything else means that the file was
    /// damaged, which ends the use of the index and not the process.
    func number(_ column: Int32, upTo highest: Int64 = Int64(SequenceNumber.maximum.value)) throws -> Int64 {
        let number = integer(column)
        guard sqlite3_column_type(handle, column) == SQLITE_INTEGER, (0...highest).contains(number) else {
            throw InquiryError.indexUnusable("one of its numbers is none that it can have written")
        }
        return number
    }

    /// The same of a column that may be NULL.
    func optionalNumber(_ column: Int32, upTo highest: Int64 = Int64(SequenceNumber.maximum.value)) throws -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : try number(column, upTo: highest)
    }

    /// A column's text; nil where it is none.
    func text(_ column: Int32) -> String? {
        // The order is SQLite's: the text first, then its length (sqlite.org/c3ref/column_blob.html).
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT, let bytes = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// What `body` makes of a column's text, byte for byte and without a copy; false where it is none.
    func withText(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT, let bytes = sqlite3_column_text(handle, column) else { return false }
        return body(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
