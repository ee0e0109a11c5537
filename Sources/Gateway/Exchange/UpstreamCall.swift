import Audit
import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// One request to HSS, from the moment that it is handed to the transport to its end. It owns its place in the window of trust (`pass`) and its turn
/// under HSS's quota (`departure`). At its end, however it ends, it is counted once and gives both back; only a call that was withheld, so that
/// nothing was sent, is not counted and returns its turn to the exchange.
struct UpstreamCall {
    let transfer: Transfer
    let pass: CredentialPass
    /// Its turn; `.none` after its outcome was reported to flow control.
    var departure: DepartureState
    /// This machine's clock when the request was signed, microseconds since 1970.
    let signed: Int64
    /// The clock offset used for the signature: how far the cloud's clock was ahead, microseconds.
    let clockOffset: Int64
    let begun: NIODeadline
    /// Whether it had a connection and was allowed to be sent.
    var hasLeft = false
    /// HSS's status, once the head has arrived.
    var status: Int?
}

/// An exchange's wait for a credential, and what it has done about refused credentials.
struct CredentialWaits {
    /// Longest wait for a token or a temporary key that is being obtained.
    static let patience: TimeAmount = .seconds(6)
    /// Longest wait for the answers of other requests with the same unproven key. Each accepted answer doubles the number of requests allowed at a
    /// time.
    static let patienceWithProof: TimeAmount = .seconds(30)
    /// A clock that was wrong by this much, in microseconds, may be the reason for a 401. The cloud allows 15 minutes.
    static let suspectOffset: Int64 = 300_000_000

    /// Refuses the request when the wait takes too long; set with the first wait.
    var timer: Scheduled<Void>?
    /// What the timer is set for.
    var awaited: CredentialWait?
    var isOutOfPatience = false
    /// Whether a new token has been requested; that is done only once.
    var hasRenewed = false
    /// Whether the request has been signed again with a corrected clock; that is done only once.
    var hasLearntClock = false
}

// MARK: - Before the request leaves

extension Exchange {
    /// Signs the request and hands it to the transport, or waits for a credential.
    func send(_ decision: Decision) -> ExchangeMachine.Input? {
        if changesLine(decision) { return .changesLine }
        let now = worker.now()
        switch chooseCredential(decision.route) {
        case .ready(let pass): return leave(decision, with: pass, at: now)
        case .waiting: return .waits(.sending)
        case .refused(let refusal):
            refuse(refusal)
            return nil
        }
    }

    private func leave(_ decision: Decision, with pass: CredentialPass, at now: Timestamp) -> ExchangeMachine.Input? {
        do throws(Refusal) {
            if sending.circuitAdmission == .none { sending.circuitAdmission = try worker.circuits.admit(to: decision.route.origin) }
        } catch {
            refuse(error)
            return nil
        }
        // Moved out of the property, so that appending fields does not copy the request.
        guard mayBeSent, var request = sending.outbound.take(), let permit = decision.permit.take() else {
            refuse(Refusal.internalFault)
            return nil
        }
        sending.attempts += 1
        record.attempts = sending.attempts
        let clockOffset = worker.clock.microseconds
        do throws(Refusal) {
            record.learn(pass: pass)
            // Removes the credential's fields of an earlier attempt.
            request.fields.truncate(to: sending.ownFields)
            tracing.spans?.callBegins(request.method, to: request.origin, attempt: sending.attempts)
            addTrace(to: &request)
            let time = worker.clock.signingTime(wallMicroseconds: now.microseconds)
            try request.inject(pass, spending: permit, decision, payload: bodyDigest.payload, at: time)
        } catch {
            refuse(error)
            return nil
        }
        call = UpstreamCall(
            transfer: worker.transport.send(request, to: self), pass: pass, departure: quota.departure, signed: now.microseconds,
            clockOffset: clockOffset, begun: .now())
        quota.departure = .none
        // Kept for another attempt: a request that was never sent, or refused for its quota, token or date, was not executed.
        sending.outbound = consume request
        return .leaves
    }

    private enum Choice {
        case ready(CredentialPass)
        case waiting
        case refused(Refusal)
    }

    /// Asks the credentials of the project, then the fallbacks, and takes the first one that can sign now.
    private func chooseCredential(_ route: Route) -> Choice {
        let isSignable = (sending.outbound?.body?.readableBytes ?? 0) <= BodyLimit.signedBody
        var refusal: Refusal?
        for credential in candidates(of: route) where isSignable || credential.sendsToken {
            switch credential.admit() {
            case .ready(let pass): return .ready(pass)
            case .wait(let wait):
                if startsWaiting(for: wait, of: credential) { return .waiting }
                switch wait {
                case .room: refusal = .credentialUnproven(credential.name)
                case .material: refusal = .credentialUnavailable(credential.name, retryAfter: .seconds(1))
                }
            case .unavailable(let retryAfter): refusal = .credentialUnavailable(credential.name, retryAfter: retryAfter)
            case .suspended(let retryAfter): refusal = .credentialSuspended(credential.name, retryAfter: retryAfter)
            }
        }
        return .refused(refusal ?? BodyLimit.exceeded(limit: BodyLimit.signedBody))
    }

    /// In this order: the credential of the turn, the project's other credentials, the fallbacks.
    private func candidates(of route: Route) -> [Credential] {
        let chosen = decision?.credential ?? route.credential
        // The usual case needs no array.
        if route.alternatives.isEmpty, route.fallbacks.isEmpty { return route.credentials }
        return [chosen] + route.credentials.filter { $0 !== chosen } + route.fallbacks
    }

    /// Registers a callback and sets the time limit; false if the request has already waited too long, or too many requests wait.
    private func startsWaiting(for wait: CredentialWait, of credential: Credential) -> Bool {
        guard !sending.waits.isOutOfPatience else { return false }
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        guard credential.whenChanged(wait, { [loop = worker.loop] in loop.execute { bound.value.wake(.credential) } }) else { return false }
        if sending.waits.timer == nil || sending.waits.awaited == .material && wait == .room {
            sending.waits.timer?.cancel()
            sending.waits.awaited = wait
            let patience = wait == .material ? CredentialWaits.patience : CredentialWaits.patienceWithProof
            sending.waits.timer = worker.loop.scheduleTask(in: patience) { bound.value.patienceDidEnd() }
        }
        return true
    }

    /// Ends the wait; the next one has its own time limit.
    func stopWaiting() {
        sending.waits.timer?.cancel()
        sending.waits.timer = nil
        sending.waits.isOutOfPatience = false
    }

    private func patienceDidEnd() {
        sending.waits.isOutOfPatience = true
        wake(.credential)
    }
}

extension OutboundRequest {
    /// The last change before a request is sent: adds the credential's fields, which consumes the permit.
    mutating func inject(
        _ pass: CredentialPass, spending permit: consuming Permit, _ decision: Exchange.Decision, payload: PayloadHash, at time: SigningTime
    ) throws(Refusal) {
        let request = CredentialRequest(
            method: method, target: decision.target, host: origin.hostField, contentType: fields.first(named: "Content-Type"),
            region: fields.first(named: "region"), projectID: decision.route.project.id, payload: payload
        )
        do throws(CredentialError) {
            let headers = try pass.authenticate(request, spending: permit, at: time)
            headers.forEachField { name, value in
                fields.append(name, UnsafeRawBufferPointer(value))
            }
        } catch {
            throw Refusal(error, credential: pass.credential.name)
        }
    }
}

extension Refusal {
    fileprivate init(_ error: CredentialError, credential: String) {
        switch error {
        case .secret: self = .credentialUnavailable(credential, retryAfter: .seconds(1))
        case .request: self.init(.badRequest, "The request can't be signed unambiguously.", hint: "Use visible ASCII in header values.")
        }
    }
}

// MARK: - While it is under way, and its end

extension Exchange {
    /// Whether HSS may have seen a call: flow control counts those that it may have seen.
    enum Reach {
        /// It was not sent, or HSS does not count it.
        case neverLeft
        /// HSS may have seen it.
        case mayHaveArrived
        case answered
    }

    /// Ends the call under way, if there is one: counts it, and gives back its turn.
    /// - Parameters:
    ///   - summary: the transport's summary; nil when the gateway cancels the call.
    ///   - error: one word for the metrics; nil for an answer.
    func endCall(_ summary: TransferSummary? = nil, error: String? = nil) {
        guard let call = call.take() else { return }
        let duration = summary.map { Duration.microseconds($0.totalMicroseconds) } ?? .nanoseconds((NIODeadline.now() - call.begun).nanoseconds)
        tracing.spans?.callEnds(status: call.status, error: error)
        worker.meters.countCall(to: decision?.route.origin.host, status: call.status, error: error, duration)
        let mayHaveArrived = summary?.requestMayHaveLeft ?? call.hasLeft
        reportTurn(call.departure, call.status != nil ? .answered : mayHaveArrived ? .mayHaveArrived : .neverLeft)
    }

    /// Cancels the call under way. The transport calls nothing back after that.
    func abandonCall(because word: String) {
        guard let call else { return }
        record.learn(sendings: call.transfer.cancel())
        endCall(error: word)
    }

    /// The transport's callback when there is a connection and the request is about to be sent on it.
    /// - Returns: whether it may be sent: an unproven key may sign a few requests at a time.
    func mayLeave() -> Bool {
        if let decision { worker.circuits.reached(decision.route.origin) }
        if sending.circuitAdmission == .probe { sending.circuitAdmission = .usual }
        guard call?.pass.arrive() == true else { return false }
        call?.hasLeft = true
        stopWaiting()
        return true
    }
}

extension Exchange {
    /// Reports to the endpoint's circuit breaker, once, that the request has ended or failed finally.
    func leaveCircuit(_ error: TransportError?) {
        guard sending.circuitAdmission != .none, let decision else { return }
        worker.circuits.ended(decision.route.origin, sending.circuitAdmission, error)
        sending.circuitAdmission = .none
    }
}
