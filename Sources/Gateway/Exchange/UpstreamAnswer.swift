import Audit
import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// The transport's callbacks: an answer is buffered if its content decides what happens next, otherwise passed on as it arrives.
extension Exchange: TransferDelegate {
    func head(_ head: ResponseHead) {
        guard state == .calling else { return }
        call?.status = head.status
        // The order matters: the clock first, because a 401 is judged by it. An answer that may lead to another attempt is held before anybody is
        // told of it. Credential and quota learn of the answer before a retry, which needs a new pass and a new turn. Only then is anything passed
        // on.
        clockWasSeen(in: head)
        if let reason = reasonToHold(head) {
            held = HeldAnswer(head, for: reason)
            return go(.answers(isHeld: true))
        }
        credentialWasJudged(by: head)
        departureWasAnswered()
        if retries(afterStatus: head.status) { return }
        go(.answers(isHeld: false))
        passOn(head)
    }

    /// Why an answer has to be read before it is passed on; nil if its head is enough.
    private func reasonToHold(_ head: ResponseHead) -> HeldAnswer.Reason? {
        guard Refusal.forUnusable(head) == nil else { return nil }
        switch head.status {
        case 429 where snapshot.flow.pace != .off: return .throttled
        case 401 where call?.pass.isToken == false || !sending.waits.hasRenewed: return .unauthenticated
        default: return nil
        }
    }

    /// Passes the answer on to the caller.
    private func passOn(_ head: ResponseHead) {
        record.learn(upstream: head)
        if let fault = Refusal.forUnusable(head) { return refuse(unusableAnswer: fault) }
        leaderDidReceive(head)
        inspection?.begin(status: head.status)
        guard let operation = decision?.operation, TokenEcho.isPossible(for: operation) else {
            relay?.begin(relayedHead(head))
            return
        }
        if head.fields.first(named: "content-encoding") != nil { return refuse(unusableAnswer: Refusal.unreadableSecret) }
        held = HeldAnswer(head, for: .tokenEcho)
    }

    /// A held answer is passed on after all: its head, and what has arrived of its body.
    func passOnHeld() -> Demand {
        guard let held = held.take() else { return .continue }
        judgeCredential(by: held)
        departureWasAnswered()
        go(.passesOn)
        passOn(held.head)
        guard state == .relaying, held.body.readableBytes > 0 else { return .continue }
        return held.body.withUnsafeReadableBytes { body($0) }
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        if state == .holding {
            if held?.take(bytes) == true { return .continue }
            // It is longer than any answer that another attempt could follow: passed on like any other.
            _ = passOnHeld()
        }
        guard state == .relaying else { return .continue }
        inspection?.take(bytes)
        leaderDidReceive(bytes)
        if let held {
            if !held.take(bytes) { refuse(unusableAnswer: Refusal.unreadableSecret) }
            return .continue
        }
        return relay?.relay(bytes) == false && !leaderReadsOn() ? .pause : .continue
    }

    func finished(_ summary: TransferSummary) {
        if state == .holding, settlesHeld(summary) { return }
        guard state == .relaying else { return }
        record.learn(summary, error: nil)
        endCall(summary)
        releaseScrubbed()
        leaderDidFinish()
        close(with: relay?.isShort == true ? .cut : .relayed)
    }

    /// The held answer is complete.
    /// - Returns: false when it has been passed on.
    private func settlesHeld(_ summary: TransferSummary) -> Bool {
        switch held?.reason {
        case .throttled: if takesTurnAgain(summary) { return true }
        case .unauthenticated: if provesAgain(summary) { return true }
        case .tokenEcho, nil: break
        }
        _ = passOnHeld()
        return false
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        if error == .withheld, state == .calling { return callWasWithheld() }
        record.learn(summary, error: error)
        if error.phase == .connecting { call?.pass.end(.unreached) }
        endCall(summary, error: error.word)
        // Its connection may be dead, and the next request would be sent on it.
        if case .timedOut = error, !worker.isDraining { worker.renewTransport() }
        switch state {
        case .calling:
            if !retries(after: error, summary) {
                leaveCircuit(error)
                refuse(Refusal.translating(error, summary))
            }
        case .holding: refuse(Refusal.translating(error, summary))
        case .relaying:
            // Part of the answer has been sent: only cutting the connection shows the caller that the rest is missing.
            if relay?.hasBegun == true { close(with: .cut) } else { refuse(Refusal.translating(error, summary)) }
        case .deciding, .asking, .performing, .waiting, .closing, .done: break
        }
    }

    /// HSS answered, and the answer can't be passed on.
    private func refuse(unusableAnswer refusal: Refusal) {
        abandonCall(because: "unusable_answer")
        record.gaveUp(because: "unusable_answer")
        refuse(refusal)
    }
}

// MARK: - Consequences of an answer for the credential and the clock

extension Exchange {
    /// The answer's Date corrects the estimate of the cloud's clock.
    func clockWasSeen(in head: ResponseHead) {
        guard let signed = call?.signed else { return }
        let now = worker.now().microseconds
        let isSuspect = head.status == 401
        guard worker.clock.wantsObservation(receivedMicroseconds: now, isSuspect: isSuspect),
            let field = head.fields.indices.first(where: { head.fields.isNamed("date", at: $0) })
        else { return }
        head.fields.withBytes(at: field) { _, date in
            worker.clock.observe(date: date, sentMicroseconds: signed, receivedMicroseconds: now, isSuspect: isSuspect)
        }
    }

    /// Tells the credential what the head of an answer says about its key.
    func credentialWasJudged(by head: ResponseHead) {
        if head.status == 401 { call?.pass.end(HeldAnswer.verdictUnread(head)) } else { call?.pass.end(status: head.status) }
    }

    /// Tells the credential what a held answer says about its key.
    func judgeCredential(by held: HeldAnswer) {
        guard let pass = call?.pass else { return }
        if held.reason == .unauthenticated { pass.end(held.verdictOnKey) } else { pass.end(status: held.head.status) }
    }

    /// A 401 was read completely. If a new token or a corrected clock may help, the request is sent again, once for each of the two reasons, and the
    /// caller doesn't see the 401. Nothing was executed, so operations of every kind may be sent again.
    /// - Returns: whether it is sent again.
    func provesAgain(_ summary: TransferSummary) -> Bool {
        guard let held, let call else { return false }
        if call.pass.isToken {
            guard !sending.waits.hasRenewed, GatewayCode.isMendedByToken(held.errorCode), call.pass.reject() else { return false }
            sending.waits.hasRenewed = true
            return leavesAgain(summary, because: "token")
        }
        // HSS refused the date of the signature, not the key.
        guard !sending.waits.hasLearntClock, held.verdictOnKey == .refused,
            abs(worker.clock.microseconds - call.clockOffset) >= CredentialWaits.suspectOffset
        else { return false }
        sending.waits.hasLearntClock = true
        return leavesAgain(summary, because: "clock")
    }

    private func leavesAgain(_ summary: TransferSummary, because reason: String) -> Bool {
        departureWasAnswered()
        return repeats(because: reason, after: summary)
    }

    /// The request had a connection, but the window of trust of its unproven key was full. It was not sent and tries again.
    func callWasWithheld() {
        guard let decision, let call = call.take() else { return refuse(Refusal.internalFault) }
        // The exchange keeps the turn.
        quota.departure = call.departure
        tracing.spans?.callWasWithheld()
        do throws(Denial) {
            decision.permit = try authorizeAgain(decision)
        } catch {
            return refuse(Refusal(error))
        }
        sending.attempts -= 1
        record.attempts = sending.attempts
        if sending.waits.isOutOfPatience { return refuse(Refusal.credentialUnproven(decision.credential.name)) }
        go(.isWithheld)
    }
}

// MARK: - Another attempt

// These functions send the request again and return true, or do nothing and return false.

/// Repeating a read.
extension Exchange {
    func retries(afterStatus status: Int) -> Bool {
        // The set contains only errors, and a lookup costs 30 times as much as this comparison.
        guard status >= 400, snapshot.retry.onStatus.contains(status) else { return false }
        return retry(because: String(status))
    }

    func retries(after error: TransportError, _ summary: TransferSummary) -> Bool {
        guard snapshot.retry.onConnect, !summary.requestMayHaveLeft, error.phase == .connecting else { return false }
        return retry(because: "connect")
    }

    private func retry(because reason: String) -> Bool {
        guard decision?.operation.kind == .read, sending.attempts < snapshot.retry.attempts else { return false }
        return repeats(because: reason)
    }

    /// Sends the request once more, on a permit of its own.
    /// - Parameter summary: the transport's summary of the call that is repeated, if it ended by itself.
    func repeats(because reason: String, after summary: TransferSummary? = nil) -> Bool {
        guard let decision, sending.outbound != nil, !worker.isDraining, let permit = try? authorizeAgain(decision) else { return false }
        if let summary {
            record.learn(summary, error: nil)
            endCall(summary)
        } else {
            let wasAnswered = call?.status != nil
            abandonCall(because: "")
            if wasAnswered { record.wasAnswered() }
        }
        held = nil
        decision.permit = consume permit
        worker.meters.countRetry(reason)
        stopWaiting()
        go(.leavesAgain)
        return true
    }

    /// The right to one more upstream request.
    func authorizeAgain(_ decision: Decision) throws(Denial) -> Permit {
        try snapshot.authorizer.authorize(decision.caller, decision.access(at: worker.now()))
    }
}

// MARK: - The head that is passed on

extension Exchange {
    /// HSS's head with the gateway's header fields.
    func relayedHead(_ head: ResponseHead) -> DownstreamHead {
        var made = record.head(relaying: head)
        addLimitFields(to: &made)
        return made
    }
}

extension ExchangeRecord {
    /// HSS's head with the gateway's header fields. `mutating`, so that the record is used in place and not copied.
    mutating func head(relaying head: ResponseHead) -> DownstreamHead {
        DownstreamHead(
            status: head.status,
            relayed: RelayedFields(upstream: head.fields, requestID: upstreamRequestID ?? requestID, auditID: auditID),
            fields: keyNotice.map { [$0] } ?? [], framing: ResponseFraming(head)
        )
    }
}

extension Refusal {
    /// An answer that can't be passed on: redirections, which would lead the caller around the gateway; "not modified", since no request has a
    /// condition that asks for it; and bodies whose end can't be distinguished from a broken connection.
    static func forUnusable(_ head: ResponseHead) -> Refusal? {
        if head.status == 304 {
            return Refusal(
                .upstreamProtocol, "HSS answered that nothing has changed, which the request did not ask.",
                hint: "The operator checks what stands between the gateway and HSS.")
        }
        if (300..<400).contains(head.status) {
            return Refusal(
                .upstreamProtocol, "HSS answered with a redirection, which the gateway never passes on.",
                hint: "The operator checks the region's endpoint.")
        }
        if case .closeDelimited = head.framing {
            return Refusal(
                .upstreamProtocol, "HSS's answer has neither a length nor an end mark, so nobody could tell whether it is whole.",
                hint: "The operator checks what stands between the gateway and HSS."
            )
        }
        return nil
    }
}
