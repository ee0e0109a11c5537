import Credentials
import NIOCore
import Policy
import Transport

/// What HSS answers: held until it is known what follows from it, or passed on as it comes.
extension Exchange: TransferDelegate {
    func head(_ head: ResponseHead) {
        guard state == .calling else { return }
        call?.status = head.status
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

    /// Why an answer is read before it is known what happens next; nil where its head says it all.
    private func reasonToHold(_ head: ResponseHead) -> HeldAnswer.Reason? {
        guard Refusal.forUnusable(head) == nil else { return nil }
        switch head.status {
        case 429 where snapshot.flow.pace != .off: return .throttled
        case 401 where call?.pass.isToken == false || !vouching.hasRenewed: return .unauthenticated
        default: return nil
        }
    }

    /// The answer goes to the caller.
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

    /// An answer that was held goes to the caller after all, from its head to what is there of its body.
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
            // Nothing of this length is what it was held for.
            _ = passOnHeld()
        }
        guard state == .relaying else { return .continue }
        inspection?.take(bytes)
        leaderDidReceive(bytes)
        if let held {
            if !held.take(bytes) { refuse(unusableAnswer: Refusal.unreadableSecret) }
            return .continue
        }
        return relay?.relay(bytes) == false ? .pause : .continue
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

    /// The answer that was held is whole.
    /// - Returns: whether something else than passing it on follows from it.
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
        switch state {
        case .calling:
            if !retries(after: error, summary) {
                leaveCircuit(error)
                refuse(Refusal.translating(error, summary))
            }
        case .holding: refuse(Refusal.translating(error, summary))
        case .relaying:
            // Part of the answer is out: the only honest end is a cut connection.
            if relay?.hasBegun == true { close(with: .cut) } else { refuse(Refusal.translating(error, summary)) }
        case .deciding, .asking, .performing, .waiting, .closing, .done: break
        }
    }

    /// HSS answered, and the answer can't be passed on.
    private func refuse(unusableAnswer refusal: Refusal) {
        record.gaveUp(because: "unusable_answer")
        abandonCall(because: "unusable_answer")
        refuse(refusal)
    }
}
