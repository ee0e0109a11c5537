package import Audit

/// Which task an export with an `Idempotency-Key` made, so that the same request answers it again.
///
/// 1. Only a task that HSS named counts: an export that failed, or whose end nobody knows, may be sent again under its key.
/// 2. Keys and requests are known by their digests; the caller is part of the key's, so that callers can't meet each other's keys.
/// 3. What is older than `span`, or was pushed out by `limit` newer ones, is unknown again.
package struct IdempotentExports: Remembered {
    package static let title = "idempotency"
    /// How long a key is good for.
    package static let span = Duration.seconds(86_400)
    /// The most keys that are remembered; 300 bytes each or so.
    package static let limit = 100_000
    /// The longest task identifier that is kept, bytes; the API's have at most 256 characters.
    private static let identifierLimit = 1_024

    /// What an export made.
    package struct Made: Sendable, Hashable {
        /// The digest of what was asked for.
        package let request: String
        package let taskID: String
        package let recordTotalNum: Int64?
        /// The record that says so.
        package let auditID: String
        let time: Timestamp
    }

    private var made: [String: Made] = [:]
    /// The keys in the order in which they were used. Those before `oldest` are forgotten.
    private var order: [(key: String, time: Timestamp)] = []
    private var oldest = 0

    package init() {}

    package var count: Int { made.count }

    /// What the key made within the span.
    package func made(by key: String, asOf now: Timestamp) -> Made? {
        made[key].flatMap { now.since($0.time) <= Self.span ? $0 : nil }
    }

    package mutating func note(_ fact: RecordFact) {
        guard fact.phase == .response, fact.outcome == .success, fact.kind == .export, let key = fact.idempotencyKey,
            let request = fact.idempotentRequest, let task = fact.taskID, task.utf8.count <= Self.identifierLimit
        else { return }
        add(key, Made(request: request, taskID: task, recordTotalNum: fact.recordTotalNum, auditID: fact.id.description, time: fact.time))
    }

    package mutating func forget(asOf now: Timestamp) {
        while oldest < order.count, made.count > Self.limit || now.since(order[oldest].time) > Self.span {
            // A key that was used again stands once more further back.
            if made[order[oldest].key]?.time == order[oldest].time { made[order[oldest].key] = nil }
            oldest += 1
        }
        guard oldest > order.count / 2 else { return }
        order.removeFirst(oldest)
        oldest = 0
    }

    private mutating func add(_ key: String, _ new: Made) {
        made[key] = new
        order.append((key, new.time))
        if made.count > Self.limit { forget(asOf: new.time) }
    }
}

extension IdempotentExports {
    package var lines: [SavedLine] {
        order[oldest...].compactMap { key, time in
            guard let one = made[key], one.time == time else { return nil }
            return SavedLine([key, one.request, one.taskID, one.recordTotalNum.map { String($0) } ?? "", one.auditID, String(time.microseconds)])
        }
    }

    package mutating func restore(_ line: SavedLine) -> Bool {
        let fields = line.fields
        guard fields.count == 6, let time = Int64(fields[5]), fields[3].isEmpty || Int64(fields[3]) != nil else { return false }
        add(
            fields[0],
            Made(
                request: fields[1], taskID: fields[2], recordTotalNum: Int64(fields[3]), auditID: fields[4], time: Timestamp(microseconds: time)))
        return true
    }
}
