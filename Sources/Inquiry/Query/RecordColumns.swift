package import Audit

/// The column names of a table of records, for rendering a query to SQL.
package struct RecordColumns: Sendable {
    private let downloadDigest: String

    /// - Parameter downloadDigest: the expression of a download's digest, if it has no column of its own.
    package init(downloadDigest: String = RecordField.responseSHA256.databaseColumn) {
        self.downloadDigest = downloadDigest
    }

    /// A member's column, or the expression of its value.
    package subscript(_ field: RecordField) -> String {
        field == .responseSHA256 ? downloadDigest : field.databaseColumn
    }

    /// Those of the central database. A download's digest has no column of its own: an index on this expression finds it.
    package static let central = RecordColumns(
        downloadDigest: #"substring(line from '"response_body":\{"bytes":[0-9]+,"sha256":"([0-9a-f]{64})"')"#)
}
