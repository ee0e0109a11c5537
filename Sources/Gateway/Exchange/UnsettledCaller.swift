import Audit
import Catalogue
import Fleet
import NIOCore
import Policy
import Recognition
import Recollection

/// A request whose sender can't be recognised from its head alone.
/// A class, so that the usual exchange holds one pointer for it.
final class UnsettledCaller {
    var recognition: Recognition
    /// Nil if the request asks for a page of the gateway itself.
    let operation: Operation?
    let target: RequestTarget

    init(recognition: Recognition, operation: Operation?, target: RequestTarget) {
        self.recognition = recognition
        self.operation = operation
        self.target = target
    }
}

/// What has been done about the signature of a virtual key.
enum SignatureStanding {
    case none
    /// The signature is noted as used; that is undone if the request is refused before it is sent.
    case used(ReplayMemory.SignatureUse)
    /// As `used`, and the fleet's database has noted it or may have.
    indirect case taken(ReplayMemory.SignatureUse, SharedSignature)
    /// An identical request was accepted before, and this one gets the same answer. If the earlier one is known to have created nothing, this one is
    /// sent, provided that the signature covers the idempotency key: otherwise an attacker could have added the key.
    case repeated(hasSignedKey: Bool)
}

extension Exchange {
    private var seconds: Int64 { worker.now().seconds }

    /// Verifies what needs the body, then continues as for a sender that the head proves.
    func settle(body: ByteBuffer?) {
        guard let waiting = sender.unsettled else { return }
        sender.unsettled = nil
        do throws(Refusal) {
            try admitToPlaces()
            if let claim = waiting.recognition.signature.take() {
                let proven = try verify(claim, operation: waiting.operation)
                waiting.recognition.facts.key = proven.key
                noteUncovered(by: claim, body: body)
                let repetition = standingIfUsed(of: claim, for: waiting.operation)
                if let fleet = mustShareSignature(of: waiting.operation) {
                    return share(proven.signature, repetition, with: fleet, waiting, body: body)
                }
            }
        } catch {
            return refuse(error)
        }
        settleRest(waiting, body: body)
    }

    /// The signature, if there is one, is valid and was not used before.
    func settleRest(_ waiting: UnsettledCaller, body: ByteBuffer?) {
        do throws(Refusal) {
            if let claim = waiting.recognition.token.take() { return fetchKeys(for: claim, waiting, body: body) }
            try admit(waiting.recognition.facts, to: waiting.operation, waiting.target)
        } catch {
            return refuse(error)
        }
        admitted(body: body)
    }

    private func verify(_ claim: SignatureClaim, operation: Operation?) throws(Refusal) -> SignatureClaim.Proven {
        do throws(RecognitionFault) {
            let isForm = operation?.requestBody == .multipart
            let now = seconds
            let proven = try claim.verify(payload: bodyDigest.payload, isForm: isForm, now: now)
            do throws(RecognitionFault) {
                sender.signature = .used(try snapshot.recogniser.replays.use(proven.signature, now: now))
            } catch {
                guard error == .replay, let repetition = standingIfUsed(of: claim, for: operation) else { throw error }
                sender.signature = repetition
            }
            return proven
        } catch {
            throw Refusal(error)
        }
    }

    /// An SDK sends the same bytes again if it got no answer. An export with a key is answered with the task that it created, so that nothing is
    /// created twice; nil for everything else, where a signature is valid only once.
    private func standingIfUsed(of claim: SignatureClaim, for operation: Operation?) -> SignatureStanding? {
        guard operation?.kind == .export, fields?.idempotencyKey != nil else { return nil }
        return .repeated(hasSignedKey: claim.covers("idempotency-key"))
    }

    /// Marks a signature as unused if the request was not sent: an SDK repeats a refused request byte by byte, with the same signature.
    /// - Returns: whether the exchange has to wait for the fleet's database.
    func settleSignature() -> Bool {
        let isUsed = record.hasLeft || record.isAnsweredHere
        defer { sender.signature = .none }
        switch sender.signature {
        case .none, .repeated: return false
        case .used(let use):
            if isUsed { tellSignature(use) } else { snapshot.recogniser.replays.giveBack(use) }
            return false
        case .taken(let use, let taken):
            if isUsed { return false }
            snapshot.recogniser.replays.giveBack(use)
            return giveBack(taken)
        }
    }

    /// The record names the fields that the signature doesn't cover, since they could have been changed on the way.
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
        note(fields.traceParent != nil, "traceparent")
        if (body?.readableBytes ?? 0) > 0, claim.leavesBodyOut { names.append(.string("body")) }
        if !names.isEmpty { record.note(.notSigned, .list(names)) }
    }

    /// Waits on another thread for the issuer's keys. The fetch has a time limit of its own.
    private func fetchKeys(for claim: Recognition.TokenClaim, _ waiting: UnsettledCaller, body: ByteBuffer?) {
        go(.asks)
        let now = seconds
        let settled = worker.loop.makeFutureWithTask { () async -> Result<CallerFacts.ProvenToken, RecognitionFault> in
            do throws(RecognitionFault) {
                return .success(try await claim.settle(now: now))
            } catch {
                return .failure(error)
            }
        }
        settled.assumeIsolated().whenSuccess { result in
            // The caller may have left meanwhile; then the exchange has ended.
            guard self.state == .asking else { return }
            self.go(.isAnswered)
            self.resume(waiting, result, body: body)
        }
    }

    private func resume(_ waiting: UnsettledCaller, _ result: Result<CallerFacts.ProvenToken, RecognitionFault>, body: ByteBuffer?) {
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
