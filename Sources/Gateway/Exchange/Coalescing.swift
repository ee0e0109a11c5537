import Audit
import Catalogue
import NIOCore
import Policy
import Transport

/// The part of an exchange in coalescing: several equal reads share one call to HSS.
enum SharingState {
    case none
    /// This exchange makes the call; the answer is buffered for the waiting exchanges.
    case leading(SharedCall)
    /// This exchange waits for the answer to another exchange's call.
    case following(SharingKey, Int)
}

/// A call whose answer other exchanges may use. A class, so that an exchange which shares nothing holds one pointer for it.
final class SharedCall {
    let key: SharingKey
    var head: ResponseHead?
    var body = ByteBuffer()

    init(_ key: SharingKey) { self.key = key }
}

extension Exchange {
    /// A read joins an equal call that is under way, where that is allowed; otherwise it goes on to its turn.
    func joinSharedCall(_ decision: Decision) -> ExchangeMachine.Input? {
        guard let rules = sharingRules(decision), let key = sharingKey(decision) else { return .passes(.coalescing) }
        switch worker.shared.enter(key, age: rules, at: FlowControl.now, waiter: bound) {
        case .lead:
            equals.sharing = .leading(SharedCall(key))
            return .passes(.coalescing)
        case .follow(let number):
            equals.sharing = .following(key, number)
            return .waits(.coalescing)
        case .recent(let answer, let age):
            answerShared(answer, how: "recent", age: age)
            return nil
        case .alone:
            return .passes(.coalescing)
        }
    }

    /// How old a shared answer may be; nil where sharing is not allowed.
    private func sharingRules(_ decision: Decision) -> Duration? {
        guard let age = snapshot.sharing.pollAge else { return nil }
        if decision.operation.exportStep == .poll { return age }
        // An answer that may contain the token of its request is not shared.
        return snapshot.sharing.reads && !TokenEcho.isPossible(for: decision.operation) ? .zero : nil
    }

    private func sharingKey(_ decision: Decision) -> SharingKey? {
        guard let outbound = sending.outbound else { return nil }
        let own = [fields?.accept, fields?.acceptLanguage, fields?.acceptEncoding, fields?.language, fields?.region, fields?.contentType]
        return SharingKey(
            operation: decision.operation.index, project: decision.route.project.id, origin: outbound.origin, method: outbound.method,
            target: outbound.target, body: outbound.body, fields: own.map { $0 ?? "" }
        )
    }

    // MARK: - Leading

    func leaderDidReceive(_ head: ResponseHead) {
        if case .leading(let call) = equals.sharing { call.head = head }
    }

    func leaderDidReceive(_ bytes: UnsafeRawBufferPointer) {
        guard case .leading(let call) = equals.sharing else { return }
        guard call.body.readableBytes + bytes.count <= SharedReads.answerBytes else {
            equals.sharing = .none
            return worker.shared.tooLong(call.key)
        }
        call.body.writeBytes(bytes)
    }

    /// The caller takes no more for now. Whether the answer is read on nevertheless: others wait for it, and not for this caller. If too much waits
    /// for it already, they make calls of their own.
    func leaderReadsOn() -> Bool {
        guard case .leading(let call) = equals.sharing else { return false }
        if downstream?.isOverfull == false { return true }
        equals.sharing = .none
        worker.shared.tooLong(call.key)
        return false
    }

    /// The answer is complete.
    func leaderDidFinish() {
        guard case .leading(let call) = equals.sharing, let head = call.head, let decision else { return }
        equals.sharing = .none
        let answer = SharedAnswer(head: head, body: call.body, auditID: record.auditID)
        let mayStay = head.status == 200 && decision.operation.exportStep == .poll
        worker.shared.finish(call.key, answer, age: mayStay ? snapshot.sharing.pollAge : nil, at: FlowControl.now)
    }

    /// The exchange ends without a shareable answer: it leaves the waiting list, or makes the next waiting exchange the leader.
    func settleSharing(_ refusal: Refusal?) {
        let state = equals.sharing
        equals.sharing = .none
        switch state {
        case .none:
            break
        case .following(let key, let number):
            equals.leftBehind = key
            worker.shared.leave(key, number)
        case .leading(let call):
            switch refusal?.code {
            // A fault of HSS or of the network would affect the other exchanges as well.
            case .cannotConnect, .upstreamTLS, .upstreamProtocol, .upstreamTimeout: refusal.map { worker.shared.fail(call.key, $0) }
            default: worker.shared.abandon(call.key)
            }
        }
    }

    private func answerShared(_ answer: SharedAnswer, how: String, age: Duration) {
        guard let decision else { return refuse(Refusal.internalFault) }
        worker.meters.countShared(decision.operation.index, how)
        record.learn(shared: answer, how: how, age: age)
        inspection?.begin(status: answer.head.status)
        relay?.begin(relayedHead(answer.head))
        if answer.body.readableBytes > 0 {
            answer.body.withUnsafeReadableBytes { bytes in
                inspection?.take(bytes)
                _ = relay?.relay(bytes)
            }
        }
        close(with: .relayed)
    }
}

extension Exchange {
    /// The call that this exchange waited for has ended, with or without an answer.
    func sharedCallDidEnd(_ outcome: SharedReadOutcome) {
        guard state == .waiting(.coalescing), case .following(let key, _) = equals.sharing else {
            // The caller left at the same moment: the next waiting exchange makes the call.
            if case .lead = outcome, let key = equals.leftBehind { worker.shared.abandon(key) }
            return
        }
        equals.sharing = .none
        switch outcome {
        case .answer(let answer): answerShared(answer, how: "in_flight", age: .zero)
        case .refusal(let refusal): refuse(refusal)
        case .lead:
            equals.sharing = .leading(SharedCall(key))
            go(.wakes(.coalescing))
        case .alone: go(.wakes(.coalescing))
        }
    }
}
