package import Audit

/// The tasks created by exports with an `Idempotency-Key`, so that the same request is answered with the same task.
///
/// 1. A key creates at most one export that HSS may have executed. One that certainly failed may be sent again with its key; one whose end is unknown
///    may not, and stays unknown until `span` is over.
/// 2. Keys and requests are stored as digests; the caller is part of the key's digest, so that keys of different callers never collide.
/// 3. What is older than `span`, or was pushed out by `limit` newer ones, is forgotten.
/// 4. A copy, of which a snapshot is made, shares everything: a change after it copies a part of the keys and a block of their order.
package struct IdempotentExports: Remembered {
    package static let title = "idempotency"
    /// How long a key is valid.
    package static let span = Duration.seconds(86_400)
    /// Maximum number of keys; about 400 bytes each.
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

        package init(request: String, taskID: String, recordTotalNum: Int64?, auditID: String) {
            self.request = request
            self.taskID = taskID
            self.recordTotalNum = recordTotalNum
            self.auditID = auditID
        }
    }

    /// Stands for an export whose end is unknown. HSS's task ids are never empty.
    private static let unknownTask = ""

    /// `Made` in as few bytes as possible.
    private struct Entry {
        let request: SHA256Hash
        let taskID: String
        let recordTotalNum: Int64?
        let auditID: RecordID
        let time: Timestamp
    }

    /// By key: the created task, or that the end is unknown. So many parts that none of them outgrows a table of 512 places.
    private var parts = [[SHA256Hash: Entry]](repeating: [:], count: 320)
    private var count = 0
    /// The keys in the order in which they were used, in blocks; no block is empty. Those of the first one before `oldest` have been removed.
    private var order: [[(key: SHA256Hash, time: Timestamp)]] = []
    private var oldest = 0
    private static let blockSize = 1_024

    package init() {}

    /// The task that was created with the key within the span.
    package func made(by key: String, asOf now: Timestamp) -> Made? {
        SHA256Hash(hexadecimal: key).flatMap { self[$0] }.flatMap { entry in
            guard !entry.taskID.isEmpty, now.since(entry.time) <= Self.span else { return nil }
            let (request, auditID) = (entry.request.description, entry.auditID.description)
            return Made(request: request, taskID: entry.taskID, recordTotalNum: entry.recordTotalNum, auditID: auditID)
        }
    }

    /// Whether an export was sent with the key within the span and its outcome is unknown.
    package func isUnknown(_ key: String, asOf now: Timestamp) -> Bool {
        SHA256Hash(hexadecimal: key).flatMap { self[$0] }.map { $0.taskID.isEmpty && now.since($0.time) <= Self.span } ?? false
    }

    package mutating func note(_ fact: RecordFact) {
        guard fact.phase == .response, fact.kind == .export, let key = fact.idempotencyKey.flatMap({ SHA256Hash(hexadecimal: $0) }),
            let request = fact.idempotentRequest.flatMap({ SHA256Hash(hexadecimal: $0) })
        else { return }
        switch ExportOutcome(fact) {
        case .made(let task, let total) where !task.isEmpty && task.utf8.count <= Self.identifierLimit:
            add(key, Entry(request: request, taskID: task, recordTotalNum: total, auditID: fact.id, time: fact.time))
        case .made, .unknown:
            add(key, Entry(request: request, taskID: Self.unknownTask, recordTotalNum: nil, auditID: fact.id, time: fact.time))
        case .failed: break
        }
    }

    package mutating func forget(asOf now: Timestamp) {
        while let first = order.first, count > Self.limit || now.since(first[oldest].time) > Self.span {
            let (key, time) = first[oldest]
            // A key that was used again has a further, later entry.
            if self[key]?.time == time { self[key] = nil }
            oldest += 1
            guard oldest == first.count else { continue }
            order.removeFirst()
            oldest = 0
        }
    }

    private subscript(key: SHA256Hash) -> Entry? {
        get { parts[part(of: key)][key] }
        set {
            let part = part(of: key)
            count -= parts[part].count
            parts[part][key] = newValue
            count += parts[part].count
        }
    }

    private func part(of key: SHA256Hash) -> Int { (Int(key.bytes[30]) << 8 | Int(key.bytes[31])) % parts.count }

    private mutating func add(_ key: SHA256Hash, _ new: Entry) {
        self[key] = new
        if order.last?.count ?? Self.blockSize == Self.blockSize { order.append([]) }
        order[order.count - 1].append((key, new.time))
        if count > Self.limit { forget(asOf: Timestamp(microseconds: 0)) }
    }
}

extension IdempotentExports {
    package func forEachLine(_ body: (SavedLine) -> Void) {
        for (key, time) in order.joined().dropFirst(oldest) {
            guard let one = self[key], one.time == time else { continue }
            let total = one.recordTotalNum.map { String($0) } ?? ""
            body(SavedLine([key.description, one.request.description, one.taskID, total, one.auditID.description, String(time.microseconds)]))
        }
    }

    package mutating func restore(_ line: SavedLine) -> Bool {
        let fields = line.fields
        guard fields.count == 6, let key = SHA256Hash(hexadecimal: fields[0]), let request = SHA256Hash(hexadecimal: fields[1]),
            let auditID = RecordID(fields[4]), let time = Int64(fields[5]), fields[3].isEmpty || Int64(fields[3]) != nil
        else { return false }
        let total = Int64(fields[3])
        add(key, Entry(request: request, taskID: fields[2], recordTotalNum: total, auditID: auditID, time: Timestamp(microseconds: time)))
        return true
    }
}
