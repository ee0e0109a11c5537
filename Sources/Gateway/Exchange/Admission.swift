import Audit
import Catalogue
import Fleet
import Recognition
import NIOCore
import NIOHTTP1
import Policy
import Recollection

/// A request whose sender can't be known from its head alone.
/// A class, so that an exchange whose sender is known carries no room for it.
final class UnsettledCaller {
    var recognition: Recognition
    /// Nil where a page of the gateway's own is asked for.
    let operation: Operation?
    let target: RequestTarget

    init(recognition: Recognition, operation: Operation?, target: RequestTarget) {
        self.recognition = recognition
        self.operation = operation
        self.target = target
    }
}

/// Where a request stands with the signature of a virtual key.
enum SignatureStanding {
    case none
    /// It used this one up, unless nothing comes of it.
    case used(SignatureUse)
    /// The same request was let through before, byte by byte: it may get the answer of that one, and nothing else.
    case repeated
}

/// Who is calling. Usually the connection or a key in the head says so, and the request is decided before its body is read. A signature
/// covers the body, and a token may be signed with a key that has to be fetched first: then the decision waits.
extension Exchange {
    private var seconds: Int64 { worker.now().seconds }

    func recognise(_ head: HTTPRequestHead, _ fields: InboundFields, asking operation: Operation?, _ target: RequestTarget) throws(Refusal) {
        guard let recognition = try origin.recognise(head, fields, by: snapshot, now: record.time.seconds) else {
            let caller = try Refusal.translating { () throws(Denial) in try origin.caller(by: snapshot) }
            origin.noteForwarding(fields, of: caller, by: snapshot)
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

    /// What is asked for: an operation, or nil for a page of the gateway's own. A caller who asks for what isn't there is known all the same, and
    /// its limits count the request.
    func asked(_ head: HTTPRequestHead, _ fields: InboundFields) throws(Refusal) -> (RequestTarget, Operation?) {
        do throws(Refusal) {
            let target = try RequestTarget.reading(head.uri, host: fields.host, into: &record)
            do throws(Refusal) {
                return (target, try Operation.finding(head.method, target))
            } catch {
                record.learn(path: target.path)
                guard error.code == .notInAPI, let page = try OwnPage.asked(by: head.method, target) else { throw error }
                ownPage = OwnPageCall(page, target)
                return (target, nil)
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
        if let key = facts.key { record.learn(key: key) }
        return try Refusal.translating { () throws(Denial) in try origin.caller(facts, by: snapshot) }
    }

    /// The caller is known: may it do this?
    func admit(_ caller: Caller, to operation: Operation?, _ target: RequestTarget) throws(Refusal) {
        record.learn(caller: caller)
        try refuseForeignPage(as: caller)
        try checkLimits(of: caller)
        guard let operation else {
            ownPage?.caller = caller
            return
        }
        if let pending = ownersToAsk(caller, operation, target) {
            if pending.names.isEmpty { return try decide(operation, target, for: caller, standing: .own) }
            record.learn(path: target.path)
            pendingOwners = pending
            return
        }
        try decide(operation, target, for: caller, standing: nil)
    }

    /// - Parameter standing: whose export it is about, where the fleet has said so; nil asks this gateway's memory.
    func decide(_ operation: Operation, _ target: RequestTarget, for caller: Caller, standing: TaskStanding?) throws(Refusal) {
        let question = Question(
            method: head?.method ?? .GET, hasReason: record.hasReason, region: fields?.region, showsBearer: fields?.showsBearer(by: caller) ?? false,
            time: record.time)
        decision = try snapshot.decide(operation, target, question, for: caller, worker.memory, standing: standing, &record)
    }

    /// A page of another site acts with whatever its reader's browser proves: not as a caller that is known by its place alone.
    private func refuseForeignPage(as caller: Caller) throws(Refusal) {
        guard let browser = fields?.browser, !browser.isSilent, !caller.method.isShown, browser.isForeign(to: fields?.host) else { return }
        throw Refusal.crossSite
    }

    private func admit(_ facts: CallerFacts, to operation: Operation?, _ target: RequestTarget) throws(Refusal) {
        if let key = facts.key {
            record.learn(key: key)
            if worker.fleet?.member.revoked.contains(key.id) == true { throw Refusal(RecognitionFault.unknownKey) }
        }
        let caller = try Refusal.translating { () throws(Denial) in try origin.caller(facts, by: snapshot) }
        try admit(caller, to: operation, target)
    }

    /// Judges what was left open, then goes on as if it had never been.
    func settle(body: ByteBuffer?) {
        guard let waiting = unsettled else { return }
        unsettled = nil
        do throws(Refusal) {
            try admitToPlaces()
            if let claim = waiting.recognition.signature.take() {
                waiting.recognition.facts.key = try verify(claim, body: body, operation: waiting.operation)
                noteUncovered(by: claim, body: body)
                let use = SharedSignature(key: claim.keyID, mark: claim.mark, seconds: claim.date)
                if let fleet = mustShareSignature(of: waiting.operation) { return share(use, with: fleet, waiting, body: body) }
                tellSignature(use)
            }
        } catch {
            return refuse(error)
        }
        settleRest(waiting, body: body)
    }

    /// The signature, if there is one, was good and new.
    func settleRest(_ waiting: UnsettledCaller, body: ByteBuffer?) {
        do throws(Refusal) {
            if let claim = waiting.recognition.token.take() { return fetchKeys(for: claim, waiting, body: body) }
            try admit(waiting.recognition.facts, to: waiting.operation, waiting.target)
        } catch {
            return refuse(error)
        }
        admitted(body: body)
    }

    private func verify(_ claim: SignatureClaim, body: ByteBuffer?, operation: Operation?) throws(Refusal) -> ProvenKey {
        do throws(RecognitionFault) {
            let isForm = operation?.requestBody == .multipart
            let now = seconds
            let proven = try (body ?? ByteBuffer()).withUnsafeReadableBytes { bytes throws(RecognitionFault) in
                try claim.verify(body: bytes, isForm: isForm, now: now)
            }
            do throws(RecognitionFault) {
                signature = .used(try snapshot.recogniser.replays.use(proven.signature, now: now))
            } catch .replay where operation?.kind == .export && fields?.idempotencyKey != nil {
                // An SDK sends the same bytes again when it heard no answer. What they made is answered, and nothing is made twice.
                signature = .repeated
            }
            return proven.key
        } catch {
            throw Refusal(error)
        }
    }

    /// A signature that nothing came of may come again: an SDK repeats what was refused for want of room, byte by byte.
    func settleSignature() {
        guard case .used(let use) = signature, !record.hasLeft, !record.isAnsweredHere else { return }
        signature = .none
        snapshot.recogniser.replays.giveBack(use)
    }

    /// The record says which of the caller's words somebody on the way could have put there.
    private func noteUncovered(by claim: SignatureClaim, body: ByteBuffer?) {
        guard let fields else { return }
        var names: [FieldValue] = []
        func note(_ isThere: Bool, _ name: String) {
            if isThere, !claim.covers(name) { names.append(.string(name)) }
        }
        note(fields.host != nil, "host")
        note(fields.auditReason != nil, "x-audit-reason")
        note(fields.requestID != nil, "x-request-id")
        note(fields.region != nil, "region")
        note(fields.idempotencyKey != nil, "idempotency-key")
        if (body?.readableBytes ?? 0) > 0, claim.leavesBodyOut { names.append(.string("body")) }
        if !names.isEmpty { record.note(.notSigned, .list(names)) }
    }

    /// Waits on another thread for the issuer's keys; how long, the one who fetches bounds.
    private func fetchKeys(for claim: TokenClaim, _ waiting: UnsettledCaller, body: ByteBuffer?) {
        go(.asks)
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
            guard self.state == .asking else { return }
            self.go(.isAnswered)
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
        admitted(body: body)
    }
}

/// What one caller may use up. Callers without limits pay one comparison.
extension Exchange {
    /// Each request of a recognised caller counts, refused or not: every one costs a record.
    func checkLimits(of caller: Caller) throws(Refusal) {
        guard let limits = caller.limits else { return }
        let used = worker.allowances[caller.name]
        limited = LimitedCaller(caller.name, limits, used)
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
        guard decision.operation.kind == .export else { return .passes(.exportQuota) }
        if let fleet = worker.fleet { return beginShared(fleet, decision) }
        return reservesExport(decision) ? .passes(.exportQuota) : nil
    }

    /// Holds the room in this gateway's own memory.
    /// - Parameter part: of how many gateways each has an equal part of the limit.
    /// - Returns: whether there was room; otherwise the request is refused.
    func reservesExport(_ decision: Decision, part: Int = 1) -> Bool {
        guard let limit = decision.caller.limits?.exportsPerDay.map({ $0 / part }) else { return true }
        let (name, begun) = (decision.caller.name, record.begun)
        guard worker.memory.change({ $0.exports.reserve(name, at: begun, limit: limit) }) else {
            refuse(.exportsUsedUp(decision.caller, limit: limit, seconds: ExportCounts.secondsUntilNextDay(from: worker.now())))
            return false
        }
        reservedExport = name
        return true
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

    static func exportsUsedUp(_ caller: Caller, limit: Int, seconds: Int) -> Refusal {
        Refusal(
            .quotaExhausted, "The caller \(caller.name) has made the \(limit) exports that it may make in a day, UTC.",
            hint: "Wait until midnight UTC, as long as Retry-After says, or ask the gateway's operator for more.", retryAfterSeconds: seconds
        )
    }
}
