/// A request record without a closing record, as found by recovery.
struct OpenRequest: Sendable {
    /// The exchange.
    let id: RecordID
    /// The request record's number.
    let sequence: UInt64
    /// The members of the request record between `time` and `export` or `gateway`, as in its line, without a comma at either end.
    let members: [UInt8]
    /// Its `"export":` with the value, or empty: the task or file of the request. Status, outcome and source come before it.
    let export: [UInt8]
    /// Its `"detail":` with the value, or empty: it has an export's idempotency key, which the closing record must contain as well.
    let detail: [UInt8]
}

/// Which request records have no closing record yet, seen from the writer's thread: so that the frontier cache can store where the next start has to
/// begin reading.
struct OpenRequests: Sendable {
    /// More exchanges than this are never under way at once (`limits.connections` is far below); beyond that, the oldest known one remains a lower
    /// bound.
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
