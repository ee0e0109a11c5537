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
            try admitToPlaces()
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
        proceed(body: body)
    }
}
