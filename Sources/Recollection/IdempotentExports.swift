package import Audit

/// The tasks created by exports with an `Idempotency-Key`, so that the same request is answered with the same task.
///
/// 1. A key creates at most one export that HSS may have executed. One that certainly failed may be sent again with its key; one whose end is unknown
///    may not, and stays unknown until `span` is over.
/// 2. Keys and requests are stored as digests; the caller is part of the key's digest, so that keys of different callers never collide.
/// 3. What is older than `span`, or was pushed out by `limit` newer ones, is forgotten.
package struct IdempotentExports: Remembered {
    package static let title = "idempotency"
    /// How long a key is valid.
    package static let span = Duration.seconds(86_400)
    /// Maximum number of keys; about 300 bytes each.
    package static let limit = 100_000
    /// The longest task identifier that is kept, bytes; the API's have at most 256 characters.
    private static let identifierLimit = 1_024

    /// The task that an export created.
    package struct Made: Sendable, Hashable {
        /// The digest of the request.
        package let request: String
        package let taskID: String
        package let recordTotalNum: Int64?
        /// The record of that export.
        package let auditID: String
        let time: Timestamp

        package init(request: String, taskID: String, recordTotalNum: Int64?, auditID: String, time: Timestamp) {
            self.request = request
            self.taskID = taskID
            self.recordTotalNum = recordTotalNum
            self.auditID = auditID
            self.time = time
        }

        /// Stands for an export whose end is unknown. HSS's task ids are never empty.
        fileprivate static let unknownTask = ""
        fileprivate var isUnknown: Bool { taskID == Made.unknownTask }
    }

    /// By key: the created task, or that the end is unknown.
    private var made: [String: Made] = [:]
    /// The keys in the order in which they were used. Those before `oldest` have been removed.
    private var order: [(key: String, time: Timestamp)] = []
    private var oldest = 0

    package init() {}

    /// The task that was created with the key within the span.
    package func made(by key: String, asOf now: Timestamp) -> Made? {
        made[key].flatMap { !$0.isUnknown && now.since($0.time) <= Self.span ? $0 : nil }
    }

    /// Whether an export was sent with the key within the span and its outcome is unknown.
    package func isUnknown(_ key: String, asOf now: Timestamp) -> Bool {
        made[key].map { $0.isUnknown && now.since($0.time) <= Self.span } ?? false
    }

    package mutating func note(_ fact: RecordFact) {
        guard fact.phase == .response, fact.kind == .export, let key = fact.idempotencyKey, let request = fact.idempotentRequest else { return }
        let (id, time) = (fact.id.description, fact.time)
        switch ExportOutcome(fact) {
        case .made(let task, let total) where !task.isEmpty && task.utf8.count <= Self.identifierLimit:
            add(key, Made(request: request, taskID: task, recordTotalNum: total, auditID: id, time: time))
        case .made, .unknown:
            add(key, Made(request: request, taskID: Made.unknownTask, recordTotalNum: nil, auditID: id, time: time))
        case .failed: break
        }
    }

    package mutating func forget(asOf now: Timestamp) {
        while oldest < order.count, made.count > Self.limit || now.since(order[oldest].time) > Self.span {
            // A key that was used again has a further, later entry.
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
        if made.count > Self.limit { forget(asOf: Timestamp(microseconds: 0)) }
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
