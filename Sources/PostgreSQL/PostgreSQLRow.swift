internal import CPostgreSQL

/// A row of an answer, copied out of libpq. A column that is NULL or doesn't exist is nil.
package struct PostgreSQLRow: Sendable {
    private let values: [[UInt8]?]

    init(_ result: OpaquePointer, _ row: Int32) {
        values = (0..<PQnfields(result)).map { column in
            guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else { return nil }
            return Array(UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(result, row, column))))
        }
    }

    package var count: Int { values.count }
    package var texts: [String?] { values.map { $0.map { String(decoding: $0, as: UTF8.self) } } }

    /// The value as the server wrote it.
    package func bytes(_ column: Int) -> [UInt8]? { values.indices.contains(column) ? values[column] : nil }
    package func text(_ column: Int) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }
    package func integer(_ column: Int) -> Int64? { text(column).flatMap { Int64($0) } }
    package func flag(_ column: Int) -> Bool { text(column) == "t" }
}
