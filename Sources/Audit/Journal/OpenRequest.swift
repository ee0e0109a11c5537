/// A request record that no record has closed yet, as recovery found it.
struct OpenRequest: Sendable {
    /// The exchange.
    let id: RecordID
    /// The request record's place.
    let sequence: UInt64
    /// The members of the request record between `time` and `export` or `gateway`, as they stand in its line, without a comma at either end.
    let members: [UInt8]
    /// Its `"export":` with the value, or nothing: the task or file that was asked for. Status, outcome and source stand before it.
    let export: [UInt8]
    /// Its `"detail":` with the value, or nothing: an export's idempotency key stands there, which its end must name as well.
    let detail: [UInt8]
}
