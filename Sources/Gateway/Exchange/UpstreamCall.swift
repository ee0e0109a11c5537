import Audit
import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// One request to HSS, from the moment that it is handed to the transport to its end. It is counted once, at its end, whatever that is. It owns
/// what it has to give back then: its place in the window of trust (`pass`) and its turn before HSS's quota (`departure`).
struct UpstreamCall {
    let transfer: Transfer
    let pass: CredentialPass
    /// Its turn; `.none` once flow control was told what became of it.
    var departure: DepartureState
    /// This machine's clock when the request was signed, microseconds since 1970.
    let signed: Int64
    /// How far the cloud's clock was taken to be ahead then, microseconds.
    let clockOffset: Int64
    let begun: NIODeadline
    /// Whether it had a connection and was let go.
    var hasLeft = false
    /// HSS's status, once there is a head.
    var status: Int?
}

/// An exchange's wait for something to prove itself with, and what it did about refusals of that.
struct Vouching {
    /// Longest wait of a request for material that is being obtained.
    static let patience: TimeAmount = .seconds(6)
    /// Longest wait of a request for others to prove the key: as long as they may take for that. Each answer lets twice as many go.
    static let patienceWithProof: TimeAmount = .seconds(30)
    /// A clock that was this wrong when a request was signed may be why it was refused, microseconds. The cloud's own bound is 15 minutes.
    static let suspectOffset: Int64 = 300_000_000

    /// When waiting ends in a refusal; set with the first wait.
    var timer: Scheduled<Void>?
    /// What it is set for.
    var awaited: CredentialWait?
    var isOutOfPatience = false
    /// A new token is asked for once.
    var hasRenewed = false
    /// A request that was signed by a wrong clock is signed anew once.
    var hasLearntClock = false
}

// MARK: - Before the request leaves

extension Exchange {
    /// The credential goes on, and the request goes out.
    func send(_ decision: Decision) -> ExchangeMachine.Input? {
        if changesLine(decision) { return .changesLine }
        let now = worker.now()
        switch admission(decision.route, at: now) {
        case .ready(let pass): return leave(decision, with: pass, at: now)
        case .waiting: return .waits(.sending)
        case .refused(let refusal):
            refuse(refusal)
            return nil
        }
    }

    private func leave(_ decision: Decision, with pass: CredentialPass, at now: Timestamp) -> ExchangeMachine.Input? {
        do throws(Refusal) {
            if circuitPlace == .none { circuitPlace = try worker.circuits.admit(to: decision.route.origin) }
        } catch {
            refuse(error)
            return nil
        }
        // Taken out, so that the fields are appended in place and the request is not copied.
        guard mayBeSent, var request = outbound.take(), let permit = decision.permit.take() else {
            refuse(Refusal.internalFault)
            return nil
        }
        attempts += 1
        record.attempts = attempts
        let clockOffset = worker.clock.microseconds
        do throws(Refusal) {
            record.learn(pass: pass)
            // An earlier attempt's are dropped first.
            request.fields.truncate(to: ownFields)
            trace?.callBegins(request.method, to: request.origin, attempt: attempts)
            addTrace(to: &request)
            try request.inject(pass, spending: permit, decision, at: worker.clock.signingTime(wallMicroseconds: now.microseconds))
        } catch {
            refuse(error)
            return nil
        }
        call = UpstreamCall(
            transfer: worker.transport.send(request, to: self), pass: pass, departure: departure, signed: now.microseconds, clockOffset: clockOffset,
            begun: .now())
        departure = .none
        // What never left, or was refused for its quota, its token or its date, was not executed: any kind may leave again.
        outbound = consume request
        return .leaves
    }

    private enum Admission {
        case ready(CredentialPass)
        case waiting
        case refused(Refusal)
    }

    /// The right to prove who asks, with the first of the project's credentials that can; the fallback takes over where none of them does.
    private func admission(_ route: Route, at now: Timestamp) -> Admission {
        let isSignable = (outbound?.body?.readableBytes ?? 0) <= BodyLimit.signedBody
        var refusal: Refusal?
        for credential in candidates(of: route) where isSignable || credential.sendsToken {
            switch credential.admit() {
            case .ready(let pass): return .ready(pass)
            case .wait(let wait):
                if isWaiting(for: wait, of: credential) { return .waiting }
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

    /// The one whose turn it is, the others of the project, the fallbacks.
    private func candidates(of route: Route) -> [Credential] {
        let chosen = decision?.credential ?? route.credential
        // The one that there is, in the route's own array.
        if route.alternatives.isEmpty, route.fallbacks.isEmpty { return route.credentials }
        return [chosen] + route.credentials.filter { $0 !== chosen } + route.fallbacks
    }

    /// Waits, unless that has taken too long already or too many do.
    private func isWaiting(for wait: CredentialWait, of credential: Credential) -> Bool {
        guard !vouching.isOutOfPatience else { return false }
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        guard credential.whenChanged(wait, { [loop = worker.loop] in loop.execute { bound.value.wake(.credential) } }) else { return false }
        if vouching.timer == nil || vouching.awaited == .material && wait == .room {
            vouching.timer?.cancel()
            vouching.awaited = wait
            let patience = wait == .material ? Vouching.patience : Vouching.patienceWithProof
            vouching.timer = worker.loop.scheduleTask(in: patience) { bound.value.patienceDidEnd() }
        }
        return true
    }

    /// What the request waits for next has a time of its own.
    func stopWaiting() {
        vouching.timer?.cancel()
        vouching.timer = nil
        vouching.isOutOfPatience = false
    }

    private func patienceDidEnd() {
        vouching.isOutOfPatience = true
        wake(.credential)
    }
}

extension OutboundRequest {
    /// The last change before a request is sent: the gateway's own credential goes on, paid for with the permit.
    mutating func inject(
        _ pass: CredentialPass, spending permit: consuming Permit, _ decision: Exchange.Decision, at time: SigningTime
    ) throws(Refusal) {
        let request = CredentialRequest(
            method: method, target: decision.target, host: origin.hostField, contentType: fields.first(named: "Content-Type"),
            region: fields.first(named: "region"), projectID: decision.route.project.id, payload: payloadHash
        )
        do throws(CredentialError) {
            let headers = try pass.vouch(for: request, spending: permit, at: time)
            headers.forEachField { name, value in
                fields.append(name, UnsafeRawBufferPointer(value))
            }
        } catch {
            throw Refusal(error, credential: pass.credential.name)
        }
    }

    private var payloadHash: PayloadHash {
        body.map { body in body.withUnsafeReadableBytes { PayloadHash(of: $0) } } ?? .empty
    }
}

extension Refusal {
    fileprivate init(_ error: CredentialError, credential: String) {
        switch error {
        case .notAtHand, .secret: self = .credentialUnavailable(credential, retryAfter: .seconds(1))
        case .request: self.init(.badRequest, "The request can't be signed unambiguously.", hint: "Use visible ASCII in header values.")
        }
    }
}

// MARK: - While it is under way, and its end

extension Exchange {
    /// How far a call came, for those who count calls that HSS may have seen.
    enum Reach {
        /// Nothing of it left, or HSS answered that it was not executed and doesn't count it.
        case neverLeft
        /// HSS may have seen it.
        case mayHaveArrived
        case answered
    }

    /// The call under way, if any, is over: by the transport's account, or given up for a reason of the gateway's own.
    func endCall(_ summary: TransferSummary? = nil, error: String? = nil) {
        guard let call = call.take() else { return }
        let duration = summary.map { Duration.microseconds($0.totalMicroseconds) } ?? .nanoseconds((NIODeadline.now() - call.begun).nanoseconds)
        trace?.callEnds(status: call.status, error: error)
        worker.meters.countCall(to: decision?.route.origin.host, status: call.status, error: error, duration)
        let mayHaveArrived = summary?.requestMayHaveLeft ?? call.hasLeft
        settle(call.departure, call.status != nil ? .answered : mayHaveArrived ? .mayHaveArrived : .neverLeft)
    }

    /// Gives the call under way up. The transport tells nothing more of it.
    func abandonCall(because word: String) {
        guard let call else { return }
        call.transfer.cancel()
        endCall(error: word)
    }

    /// There is a connection, and the request is about to be sent on it.
    func mayLeave() -> Bool {
        if let decision { worker.circuits.reached(decision.route.origin) }
        if circuitPlace == .probe { circuitPlace = .usual }
        guard let pass = call?.pass, pass.arrive() else { return false }
        call?.hasLeft = true
        stopWaiting()
        return true
    }
}

extension Exchange {
    /// The request ends, or has failed for good: its endpoint's circuit is told once.
    func leaveCircuit(_ error: TransportError?) {
        guard circuitPlace != .none, let decision else { return }
        worker.circuits.ended(decision.route.origin, circuitPlace, error)
        circuitPlace = .none
    }
}
