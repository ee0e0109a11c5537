import Audit
import Catalogue
import Codecs
import Crypto
import NIOCore
import Policy
import Recollection
import Transport

/// An export's `Idempotency-Key`. Only digests are kept, because callers may put anything into keys.
struct IdempotencyKey {
    /// Longest key, bytes.
    static let maximumBytes = 255

    /// Digest of the caller's name and the key.
    let digest: String
    /// Digest of the whole request: operation, project, path, query, the fields that HSS's answer depends on, and body.
    let request: String

    /// - Parameters:
    ///   - region: the region header that HSS is sent; nil for none.
    ///   - language: the same of `X-Language`, which is the language of the exported file.
    init(_ key: String, decision: Exchange.Decision, region: String?, language: String?, body: ByteBuffer?) throws(Refusal) {
        guard (1...IdempotencyKey.maximumBytes).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Refusal(.badRequest, "Idempotency-Key is not usable.", hint: "Send 1 to 255 visible ASCII characters, e.g. a UUID.")
        }
        var own = SHA256()
        own.update(data: Array(decision.caller.name.utf8) + [0] + Array(key.utf8))
        digest = SHA256Hash(own.finalize()).map(\.description) ?? ""
        var asked = SHA256()
        asked.update(data: Array(decision.operation.name.utf8) + [0] + Array(decision.route.project.id.utf8) + [0])
        asked.update(data: Array(decision.target.pathAndQuery.utf8) + [0])
        // The project's own region is the one that is meant without the header. No JSON text begins with NUL, so a body can't be read as these.
        let project = decision.route.project.region
        for (name, value) in [("region", region == project ? nil : region), ("language", language)] {
            if let value { asked.update(data: [0] + Array("\(name) \(value)".utf8) + [0]) }
        }
        if let body { body.withUnsafeReadableBytes { asked.update(bufferPointer: $0) } }
        request = SHA256Hash(asked.finalize()).map(\.description) ?? ""
    }
}

/// The role of an exchange among the exports with the same key.
enum IdempotencyState {
    case none
    /// This exchange makes the call for its key.
    case first(IdempotencyKey)
    /// This exchange waits for another exchange's call.
    case waiting(IdempotencyKey, Int)
}

extension Exchange {
    /// An export with a key: answers with the task that the same request created before, waits while that request is under way, or makes the call.
    func enterWithKey(_ decision: Decision) -> ExchangeMachine.Input? {
        guard let text = fields?.idempotencyKey else { return .passes(.sameKey) }
        do throws(Refusal) {
            if (fields?.idempotencyKeyCount ?? 0) > 1 {
                throw Refusal(.badRequest, "Idempotency-Key stands more than once.", hint: "Send one Idempotency-Key.")
            }
            let region = decision.operation.takesRegion ? fields?.region : nil
            return try enter(
                try IdempotencyKey(text, decision: decision, region: region, language: fields?.language, body: sending.outbound?.body))
        } catch {
            refuse(error)
            return nil
        }
    }

    private func enter(_ key: IdempotencyKey) throws(Refusal) -> ExchangeMachine.Input? {
        // After a wait the lookup starts again.
        equals.idempotency = .none
        if try isReplayed(key) { return nil }
        if worker.fleet == nil, isUnknownHere(key) { throw Refusal.exportUnknown }
        switch worker.idempotentCalls.enter(key.digest, request: key.request, bound: snapshot.limits.sameKey, waiter: bound) {
        case .first:
            equals.idempotency = .first(key)
            // Another one may have ended between the first lookup and `enter`.
            if try isReplayed(key) { return nil }
            if case .repeated(hasSignedKey: false) = sender.signature { throw Refusal.replay }
            record.note(.idempotencyKey, .string(key.digest))
            record.note(.idempotentRequest, .string(key.request))
            return .passes(.sameKey)
        case .wait(let number):
            equals.idempotency = .waiting(key, number)
            return .waits(.sameKey)
        case .conflict: throw Refusal.keyInUse
        case .full: throw Refusal.tooManyWithKey
        }
    }

    /// Whether the same request created a task before, which is then the answer.
    private func isReplayed(_ key: IdempotencyKey) throws(Refusal) -> Bool {
        let now = worker.memory.now
        guard let made = worker.memory.recall({ $0.idempotent.made(by: key.digest, asOf: now) }) else { return false }
        guard made.request == key.request else { throw Refusal.keyInUse }
        replay(made, key)
        return true
    }

    /// Whether this gateway has sent an export with the key whose end is unknown.
    func isUnknownHere(_ key: IdempotencyKey) -> Bool {
        let now = worker.memory.now
        return worker.memory.recall { $0.idempotent.isUnknown(key.digest, asOf: now) }
    }

    func replay(_ made: IdempotentExports.Made, _ key: IdempotencyKey) {
        record.note(.idempotencyKey, .string(key.digest))
        record.learn(replayOf: made)
        inspection = nil
        worker.meters.countReplay()
        close(with: .replay(made))
    }

    /// The exchange has appended its record, or ends without one: exchanges that wait for its key continue.
    func settleIdempotency() {
        let state = equals.idempotency
        equals.idempotency = .none
        switch state {
        case .none: break
        case .first(let key): worker.idempotentCalls.end(key.digest)
        case .waiting(let key, let number): worker.idempotentCalls.leave(key.digest, number)
        }
    }

    /// Writes HSS's answer to the first request, as recorded in the journal.
    func write(_ made: IdempotentExports.Made) {
        var json = JSONWriter(capacity: 128)
        json.open()
        json.member("task_id", made.taskID)
        json.member("record_total_num", made.recordTotalNum.map { Int64($0) })
        json.close()
        var fields = [
            HeaderField("Content-Type", "application/json"), HeaderField("X-Request-Id", record.requestID),
            HeaderField("Audit-Id", record.auditID), HeaderField("X-HSSGW-Source", "gateway"), HeaderField("Idempotency-Replayed", "true"),
            HeaderField("Cache-Control", "no-store"),
        ]
        if let notice = record.keyNotice { fields.append(notice) }
        var head = DownstreamHead(status: 200, fields: fields, framing: .length(json.bytes.count))
        addLimitFields(to: &head)
        downstream?.begin(head)
        _ = json.bytes.withUnsafeBytes { downstream?.write($0) }
        downstream?.end()
    }
}

extension Refusal {
    static let tooManyWithKey = Refusal(
        .overloaded, "As many requests wait for the export with this Idempotency-Key as may.",
        hint: "Send it again after Retry-After; the operator looks at limits.same_key.", retryAfterSeconds: 1
    )

    static let keyInUse = Refusal(
        .idempotencyConflict, "This Idempotency-Key belongs to another request of the last 24 hours.",
        hint: "Repeat the same request with it, or send a new key with a new request."
    )
}
