/// The names that a table of records gives its columns, for rendering a query to SQL. The defaults are the record's own keys, with `_` for the dot.
package struct RecordColumns: Sendable {
    package var instance = "instance"
    package var sequence = "seq"
    /// Microseconds since 1970, an integer.
    package var time = "time_us"
    package var phase = "phase"
    package var id = "id"
    package var requestID = "request_id"
    package var upstreamRequestID = "upstream_request_id"
    package var caller = "caller"
    package var operation = "operation"
    package var kind = "kind"
    package var projectName = "project_name"
    package var projectID = "project_id"
    package var outcome = "outcome"
    package var taskID = "task_id"
    package var fileID = "file_id"
    package var responseSHA256 = "response_sha256"

    package init() {}

    /// Those of the central database. A download's digest has no column of its own: an index on this expression finds it.
    package static let central: RecordColumns = {
        var columns = RecordColumns()
        columns.responseSHA256 = #"substring(line from '"response_body":\{"bytes":[0-9]+,"sha256":"([0-9a-f]{64})"')"#
        return columns
    }()
}
