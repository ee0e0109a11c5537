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

/// Which request records have no closing record yet, seen from the writer's thread: so that the frontier cache can say how far back the
/// next start has to read.
struct OpenRequests: Sendable {
    /// More exchanges than this are never under way at once (`limits.connections` is far below); beyond it the oldest known stays a lower bound.
    private static let limit = 1 << 17

    private var open: [RecordID: UInt64] = [:]

    /// Notes a line that became durable.
    mutating func note(_ head: RecordLineHead) {
        switch head.phase {
        case .request: if open.count < Self.limit { open[head.id] = head.sequence }
        case .response, .refusal: if !open.isEmpty { open[head.id] = nil }
        case .event: break
        }
    }

    /// The number of the oldest open request record.
    var oldest: UInt64? { open.values.min() }
}
