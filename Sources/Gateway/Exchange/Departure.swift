import Audit
import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// Flow control's part of an exchange: waiting for the turn before the request leaves, and again when HSS says 429.
///
/// Until the request leaves, the exchange holds its turn; from then on `UpstreamCall` holds it and settles it at its end.
extension Exchange {
    /// The request leaves at once, or waits for its turn.
    func takeTurn(_ decision: Decision) -> ExchangeMachine.Input? {
        if let thrownBack = quota.thrownBack.take() { return rejoin(decision, thrownBack) }
        // While the endpoint is down, requests are refused without waiting for a turn.
        if sending.circuitAdmission == .none, let refusal = worker.circuits.wouldRefuse(decision.route.origin) {
            refuse(refusal)
            return nil
        }
        let operation = decision.operation.index
        switch snapshot.flow.pace {
        case .off:
            decision.choose(worker.nextCredential(of: decision.route))
        case .adaptive where !worker.departures.isPaced(operation):
            decision.choose(worker.nextCredential(of: decision.route))
            let now = FlowControl.now
            worker.departures.note(
                operation, DepartureLog.Entry(caller: decision.caller.name, credential: decision.credential.name, time: now))
            quota.departure = .unpaced(now)
        case .adaptive, .fixed:
            let request = request(decision)
            return follow(worker.flow.arrive(request, since: waitingSince, operation: operation, waiter: bound), request, decision)
        }
        return .passes(.departure)
    }

    /// When it would have begun to wait if all its waits for turns had been one that ends now.
    private var waitingSince: Duration { FlowControl.now - record.waiting }

    private func request(_ decision: Decision) -> OperationLine.Request {
        OperationLine.Request(
            ticket: worker.flow.nextTicket(), caller: decision.caller.name,
            credentials: worker.usableCredentials(of: decision.route).map(\.name), owner: worker.flow.owner
        )
    }

    /// Acts on the scheduler's verdict.
    /// - Parameter verdict: nil when the queue is full.
    private func follow(_ verdict: OperationLine.Verdict?, _ request: OperationLine.Request, _ decision: Decision) -> ExchangeMachine.Input? {
        switch verdict {
        case .wait:
            quota.departure = .waiting(request, since: FlowControl.now)
            return .waits(.departure)
        case .leave(let name):
            acceptTurn(request, with: name, decision, at: FlowControl.now)
            return .passes(.departure)
        case .refuse(let wait):
            refuse(Refusal.outOfTurn(decision, wait))
            return nil
        case nil:
            refuse(Refusal.queueFull)
            return nil
        }
    }

    private func acceptTurn(_ request: OperationLine.Request, with name: String, _ decision: Decision, at time: Duration) {
        quota.departure = .counted(request)
        quota.turn = time
        if let credential = decision.route.credentials.first(where: { $0.name == name }) { decision.choose(credential) }
    }

    /// Checks that the turn is still valid. If the cloud has refused the turn's key meanwhile, another key of the project can be used. That key has
    /// its own quota and queue, so the request has to wait for a turn there.
    /// - Returns: whether another turn is needed, so that the request must not be sent now.
    func changesLine(_ decision: Decision) -> Bool {
        if hasOutlivedTurn(decision) { return true }
        guard case .counted(let request) = quota.departure, !decision.route.alternatives.isEmpty,
            !worker.usableCredentials(of: decision.route).contains(where: { $0 === decision.credential })
        else { return false }
        worker.flow.ended(request.ticket, operation: decision.operation.index, hasLeft: false, on: worker.loop)
        quota.departure = .none
        stopWaiting()
        return true
    }

    /// Whether the turn has expired: after a long sync or a wait for a credential, the call would reach HSS in a later window than the one that it
    /// was counted for. In that case the request gives the turn back and takes a new one, unless it has already waited too long for a credential.
    private func hasOutlivedTurn(_ decision: Decision) -> Bool {
        guard case .counted(let request) = quota.departure, !sending.waits.isOutOfPatience,
            let life = worker.flow.lifeOfTurn(decision.operation.index, with: decision.credential.name), FlowControl.now - quota.turn > life
        else { return false }
        worker.flow.ended(request.ticket, operation: decision.operation.index, hasLeft: false, on: worker.loop)
        worker.meters.countOutlivedTurn(decision.operation.index)
        quota.departure = .none
        return true
    }

    /// HSS has answered, so its quota has counted the call by now.
    func departureWasAnswered() {
        guard let standing = call?.departure else { return }
        call?.departure = .none
        reportTurn(standing, .answered)
    }

    /// The request ends without being sent: gives back its turn or its place in the queue.
    func giveTurnBack() {
        let standing = quota.departure
        quota.departure = .none
        reportTurn(standing, .neverLeft)
    }

    /// Tells flow control how far a request came. Only a call that HSS may have seen counts against the quota.
    func reportTurn(_ standing: DepartureState, _ reach: Reach) {
        guard let decision else { return }
        let operation = decision.operation.index
        switch standing {
        case .none: break
        case .unpaced(let time):
            guard case .neverLeft = reach, !worker.departures.remove(operation, at: time) else { return }
            // The operation has become paced since then, and the scheduler was told that this call was sent.
            worker.flow.neverLeft(
                DepartureLog.Entry(caller: decision.caller.name, credential: decision.credential.name, time: time), operation, on: worker.loop)
        case .waiting(let request, let since):
            record.waited(FlowControl.now - since)
            worker.flow.withdraw(request.ticket, operation: operation, on: worker.loop)
        case .counted(let request):
            switch reach {
            case .answered: worker.flow.answered(request.ticket, operation: operation, on: worker.loop)
            case .mayHaveArrived: worker.flow.ended(request.ticket, operation: operation, hasLeft: true, on: worker.loop)
            case .neverLeft: worker.flow.ended(request.ticket, operation: operation, hasLeft: false, on: worker.loop)
            }
        }
    }
}

extension Exchange {
    /// The fleet's database is not available, so this gateway doesn't know how much of the quota the others use.
    func departureIsUnknown(_ request: OperationLine.Request, mayGoAlone: Bool) {
        guard state == .waiting(.departure), let decision, let fleet = worker.fleet, case .waiting(_, let since) = quota.departure else { return }
        record.waited(FlowControl.now - since)
        quota.departure = .none
        switch fleet.terms.paced {
        case .refuse: return refuse(Refusal.fleetUnavailable)
        case .part: guard mayGoAlone else { return refuse(Refusal.fleetUnavailable) }
        case .whole: break
        }
        record.note(.fleet, .string("local"))
        let verdict = worker.flow.arriveAlone(request, since: waitingSince, operation: decision.operation.index, waiter: bound)
        // If the verdict is to wait, the state is already correct.
        if follow(verdict, request, decision) == .passes(.departure) { go(.wakes(.departure)) }
    }

    /// The request's turn has come, or would come too late.
    func departureDidCome(_ verdict: OperationLine.Verdict, at time: Duration) {
        guard state == .waiting(.departure), let decision, case .waiting(let request, let since) = quota.departure else {
            // The caller left at the same time; `withdraw` has given the turn back.
            return
        }
        let waited = FlowControl.now - since
        record.waited(waited)
        quota.departure = .none
        switch verdict {
        case .leave(let name):
            worker.meters.countWait(decision.operation.index, waited)
            acceptTurn(request, with: name, decision, at: time)
            go(.wakes(.departure))
        case .refuse(let wait): refuse(Refusal.outOfTurn(decision, wait))
        case .wait: break
        }
    }
}

// MARK: - HSS says 429

extension Exchange {
    /// A 429 was read completely: the request waits for another turn, as long as `max_wait` allows. A request that the API gateway refuses was not
    /// executed, so operations of every kind may be sent again.
    /// - Returns: false when the 429 has to be passed on.
    func takesTurnAgain(_ summary: TransferSummary) -> Bool {
        guard let held, let decision, let standing = call?.departure, GatewayCode.isThrottled(held.errorCode) || decision.operation.kind == .read
        else { return false }
        switch standing {
        case .none, .waiting: return false
        case .counted, .unpaced: break
        }
        guard let permit = try? authorizeAgain(decision) else { return false }
        judgeCredential(by: held)
        record.learn(summary, error: nil)
        // Removed first, so that the end of the call doesn't settle it.
        call?.departure = .none
        endCall(summary)
        self.held = nil
        worker.meters.countThrottle(decision.operation.index, credential: decision.credential.name)
        decision.permit = consume permit
        stopWaiting()
        quota.thrownBack = ThrownBack(standing, held.quotaNotice)
        go(.leavesAgain)
        return true
    }

    private func rejoin(_ decision: Decision, _ thrownBack: ThrownBack) -> ExchangeMachine.Input? {
        let call: FlowScheduler.UnpacedCall
        let isCounted: Bool
        switch thrownBack.standing {
        case .counted(let request):
            (call, isCounted) = (FlowScheduler.UnpacedCall(request: request, credential: decision.credential.name, departure: .zero), true)
        case .unpaced(let time):
            _ = worker.departures.remove(decision.operation.index, at: time)
            let request = request(decision)
            (call, isCounted) = (FlowScheduler.UnpacedCall(request: request, credential: decision.credential.name, departure: time), false)
        case .none, .waiting: preconditionFailure("only a call that left can be thrown back")
        }
        let verdict = worker.flow.throttled(
            call, since: waitingSince, isCounted: isCounted, operation: decision.operation.index, notice: thrownBack.notice, waiter: bound)
        if case .refuse = verdict { record.wasThrottled() }
        return follow(verdict, call.request, decision)
    }
}

/// A call that HSS answered with 429, and the content of that answer. A class, so that the usual exchange holds one pointer for it.
final class ThrownBack {
    let standing: DepartureState
    let notice: QuotaNotice

    init(_ standing: DepartureState, _ notice: QuotaNotice) {
        self.standing = standing
        self.notice = notice
    }
}

extension Refusal {
    static func outOfTurn(_ decision: Exchange.Decision, _ wait: Duration) -> Refusal {
        Refusal(
            .rateLimited, "HSS's quota for \(decision.operation.name) is used up, and the next turn of \(decision.caller.name) is too far off.",
            hint: "Send it again after Retry-After; the turn is kept until then.", retryAfterSeconds: Int(wait.components.seconds)
        )
    }

    static let queueFull = Refusal(
        .overloaded, "As many requests wait for HSS's quota as may.", hint: "Try again later; the operator looks at upstream.flow_control.queue."
    )

    static let tooManyInFlight = Refusal(
        .overloaded, "The gateway has as many requests under way as it may.", hint: "Try again in a moment; the operator looks at limits.in_flight.",
        retryAfterSeconds: 1
    )
}
