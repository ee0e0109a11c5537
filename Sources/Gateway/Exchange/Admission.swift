import Audit
import Catalogue
import Identity
import NIOCore
import NIOHTTP1
import Policy
import Recollection

/// A request whose sender can't be known from its head alone.
/// A class, so that an exchange whose sender is known carries no room for it.
final class UnsettledCaller {
    var recognition: Recognition
    let operation: Operation
    let target: RequestTarget

    init(recognition: Recognition, operation: Operation, target: RequestTarget) {
        self.recognition = recognition
        self.operation = operation
        self.target = target
    }
}

/// Who is calling. Usually the connection or a key in the head says so, and the request is decided before its body is read. A signature
/// covers the body, and a token may be signed with a key that has to be fetched first: then the decision waits.
extension Exchange {
    private var seconds: Int64 { worker.now().seconds }

    func recognise(_ head: HTTPRequestHead, _ fields: InboundFields, asking operation: Operation, _ target: RequestTarget) throws(Refusal) {
        guard let recognition = try origin.recognise(head, fields, by: snapshot, now: record.time.seconds) else {
            let caller = try Refusal.translating { () throws(Denial) in try origin.caller(by: snapshot) }
            return try admit(caller, to: operation, target)
        }
        if recognition.facts.addressText != origin.evidence.text { record.learn(address: recognition.facts.addressText) }
        if recognition.isComplete {
            try admit(recognition.facts, to: operation, target)
        } else {
            record.learn(path: target.path)
            unsettled = UnsettledCaller(recognition: recognition, operation: operation, target: target)
        }
    }

    /// What is asked for. A caller who asks for what isn't there is known all the same, and its limits count the request.
    func asked(_ head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) -> (RequestTarget, Operation) {
        do throws(Refusal) {
            let target = try RequestTarget.reading(head.uri, host: fields.host, into: &record)
            do throws(Refusal) {
                return (target, try Operation.finding(head.method, target))
            } catch {
                record.learn(path: target.path)
                throw error
            }
        } catch {
            try recogniseRefused(head, fields)
            throw error
        }
    }

    /// The sender of a request that is refused for what it asks: known as far as its head alone proves it.
    private func recogniseRefused(_ head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) {
        guard let caller = try? sender(of: head, fields) else { return }
        record.learn(caller: caller)
        try checkLimits(of: caller)
    }

    private func sender(of head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) -> Caller? {
        let recognition = try origin.recognise(head, fields, by: snapshot, now: record.time.seconds)
        guard let facts = recognition?.facts else { return try Refusal.translating { () throws(Denial) in try origin.caller(by: snapshot) } }
        if facts.addressText != origin.evidence.text { record.learn(address: facts.addressText) }
        guard recognition?.isComplete == true else { return nil }
        if let key = facts.key { record.learn(keyID: key.id) }
        return try Refusal.translating { () throws(Denial) in try origin.caller(facts, by: snapshot) }
    }

    /// The caller is known: may it do this?
    func admit(_ caller: Caller, to operation: Operation, _ target: RequestTarget) throws(Refusal) {
        record.learn(caller: caller)
        try checkLimits(of: caller)
        let question = Question(method: head?.method ?? .GET, reason: fields?.auditReason, time: record.time)
        decision = try snapshot.decide(operation, target, question, for: caller, worker.memory, &record)
    }

    private func admit(_ facts: CallerFacts, to operation: Operation, _ target: RequestTarget) throws(Refusal) {
        if let key = facts.key { record.learn(keyID: key.id) }
        let caller = try Refusal.translating { () throws(Denial) in try origin.caller(facts, by: snapshot) }
        try admit(caller, to: operation, target)
    }

    /// Judges what was left open, then goes on as if it had never been.
    func settle(body: ByteBuffer?) {
        guard let waiting = unsettled else { return }
        unsettled = nil
        do throws(Refusal) {
            if let claim = waiting.recognition.signature.take() {
                waiting.recognition.facts.key = try verify(claim, body: body, operation: waiting.operation)
            }
            if let claim = waiting.recognition.token.take() { return fetchKeys(for: claim, waiting, body: body) }
            try admit(waiting.recognition.facts, to: waiting.operation, waiting.target)
        } catch {
            return refuse(error)
        }
        proceed(body: body)
    }

    private func verify(_ claim: SignatureClaim, body: ByteBuffer?, operation: Operation) throws(Refusal) -> ProvenKey {
        do throws(RecognitionFault) {
            let isForm = operation.requestBody == .multipart
            let (replays, now) = (snapshot.recogniser.replays, seconds)
            return try (body ?? ByteBuffer()).withUnsafeReadableBytes { bytes throws(RecognitionFault) in
                try claim.verify(body: bytes, isForm: isForm, replays: replays, now: now)
            }
        } catch {
            throw Refusal(error)
        }
    }

    /// Waits on another thread for the issuer's keys; how long, the one who fetches bounds.
    private func fetchKeys(for claim: TokenClaim, _ waiting: UnsettledCaller, body: ByteBuffer?) {
        go(.fetchesKeys)
        let now = seconds
        let settled = worker.loop.makeFutureWithTask { () async -> Result<ProvenToken, RecognitionFault> in
            do throws(RecognitionFault) {
                return .success(try await claim.settle(now: now))
            } catch {
                return .failure(error)
            }
        }
        settled.assumeIsolated().whenSuccess { result in
            // The caller may have left meanwhile; then all is said and done.
            guard self.state == .recognising else { return }
            self.go(.keysCame)
            self.resume(waiting, result, body: body)
        }
    }

    private func resume(_ waiting: UnsettledCaller, _ result: Result<ProvenToken, RecognitionFault>, body: ByteBuffer?) {
        var facts = waiting.recognition.facts
        do throws(Refusal) {
            switch result {
            case .success(let token): facts.token = token
            case .failure(let fault): throw Refusal(fault)
            }
            try admit(facts, to: waiting.operation, waiting.target)
        } catch {
            return refuse(error)
        }
        proceed(body: body)
    }
}

/// What one caller may use up. Callers without limits pay one comparison.
extension Exchange {
    /// Each request of a recognised caller counts, refused or not: every one costs a record.
    func checkLimits(of caller: Caller) throws(Refusal) {
        guard let limits = caller.limits else { return }
        let used = worker.allowances[caller.name]
        if let rate = limits.requestsPerSecond {
            let now = Int64(NIODeadline.now().uptimeNanoseconds)
            if let wait = used.take(rate: rate, burst: limits.burst ?? rate, at: now) { throw .tooFast(caller, waiting: wait) }
        }
        if let concurrent = limits.concurrent {
            guard used.enter(limit: concurrent) else { throw .tooMany(caller, limit: concurrent) }
            allowance = used
        }
    }

    /// Holds room for an export in its caller's day. The last step before the request record, so that whatever is answered without a call to
    /// HSS never gets here; the closing record says whether it counted (`ExportCounts`).
    func countExport(_ decision: Decision) -> ExchangeMachine.Input? {
        guard decision.operation.kind == .export, let limit = decision.caller.limits?.exportsPerDay else { return .passes(.exportQuota) }
        let (name, begun) = (decision.caller.name, record.begun)
        guard worker.memory.change({ $0.exports.reserve(name, at: begun, limit: limit) }) else {
            refuse(.exportsUsedUp(decision.caller, limit: limit, seconds: ExportCounts.secondsUntilNextDay(from: worker.now())))
            return nil
        }
        reservedExport = name
        return .passes(.exportQuota)
    }
}

extension Refusal {
    fileprivate static func tooFast(_ caller: Caller, waiting nanoseconds: Int64) -> Refusal {
        let seconds = Int((nanoseconds + 999_999_999) / 1_000_000_000)
        return Refusal(
            .rateLimited, "The caller \(caller.name) sends more requests than it may.", hint: "Wait as long as Retry-After says.",
            retryAfterSeconds: max(1, seconds)
        )
    }

    fileprivate static func tooMany(_ caller: Caller, limit: Int) -> Refusal {
        Refusal(
            .rateLimited, "The caller \(caller.name) has \(limit) requests under way, as many as it may.",
            hint: "Wait until one of them is answered.", retryAfterSeconds: 1
        )
    }

    fileprivate static func exportsUsedUp(_ caller: Caller, limit: Int, seconds: Int) -> Refusal {
        Refusal(
            .quotaExhausted, "The caller \(caller.name) has made the \(limit) exports that it may make in a day, UTC.",
            hint: "Wait until midnight UTC, as long as Retry-After says, or ask the gateway's operator for more.", retryAfterSeconds: seconds
        )
    }
}
