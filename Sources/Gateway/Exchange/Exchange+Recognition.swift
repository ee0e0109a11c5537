import Audit
import Catalogue
import Fleet
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
        let question = Question(method: head?.method ?? .GET, reason: fields?.auditReason, time: record.time)
        decision = try snapshot.decide(operation, target, question, for: caller, worker.memory, standing: standing, &record)
    }

    private func admit(_ facts: CallerFacts, to operation: Operation, _ target: RequestTarget) throws(Refusal) {
        if let key = facts.key {
            record.learn(keyID: key.id)
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
            if let claim = waiting.recognition.signature.take() {
                waiting.recognition.facts.key = try verify(claim, body: body, operation: waiting.operation)
                let use = SignatureUse(key: claim.keyID, mark: claim.mark, seconds: claim.date)
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
            guard self.isUndecided else { return }
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
