import Audit
import Catalogue
import Credentials
import NIOCore
import Policy
import Transport

/// Flow control's part of an exchange: waiting for the turn before the request leaves, and again when HSS says 429.
extension Exchange {
    /// The request leaves at once, or waits for its turn and then goes on in `departureDidCome`.
    func takeTurn() {
        guard let decision else { return refuse(Refusal.internalFault) }
        let operation = decision.operation.index
        switch snapshot.flow.pace {
        case .off:
            decision.choose(worker.nextCredential(of: decision.route))
        case .adaptive where !worker.departures.isPaced(operation):
            decision.choose(worker.nextCredential(of: decision.route))
            let now = FlowControl.now
            worker.departures.note(operation, DepartureLog.Entry(caller: decision.caller.name, credential: decision.credential.name, time: now))
            departure = .unpaced(now)
        case .adaptive, .fixed:
            return queue(decision)
        }
        depart()
    }

    private func queue(_ decision: Decision) {
        let request = request(decision)
        proceed(request, worker.flow.arrive(request, operation: decision.operation.index, waiter: waiter), decision)
    }

    private func proceed(_ request: OperationLine.Request, _ verdict: OperationLine.Verdict?, _ decision: Decision) {
        switch verdict {
        case .wait:
            stage = .waiting
            departure = .waiting(request, since: FlowControl.now)
        case .leave(let name):
            leave(request, with: name)
        case .refuse(let wait):
            refuse(Refusal.outOfTurn(decision, wait))
        case nil:
            refuse(Refusal.queueFull)
        }
    }

    private func request(_ decision: Decision) -> OperationLine.Request {
        OperationLine.Request(
            ticket: worker.flow.nextTicket(), caller: decision.caller.name,
            credentials: worker.usableCredentials(of: decision.route).map(\.name), owner: worker.flow.owner
        )
    }

    private var waiter: NIOLoopBound<any DepartureWaiter> { NIOLoopBound(self, eventLoop: worker.loop) }

    private func leave(_ request: OperationLine.Request, with name: String) {
        departure = .counted(request)
        turn = FlowControl.now
        if let decision, let credential = decision.route.credentials.first(where: { $0.name == name }) { decision.choose(credential) }
        depart()
    }

    /// Since the request got its turn the cloud has refused the key that the turn was for: another one of the project can serve, but what
    /// that one may is a line of its own, where the request takes its turn anew.
    /// - Returns: whether it does, so that it must not leave now.
    func changesLine() -> Bool {
        if hasOutlivedTurn() { return true }
        guard case .counted(let request) = departure, let decision, !decision.route.alternatives.isEmpty,
            !worker.usableCredentials(of: decision.route).contains(where: { $0 === decision.credential })
        else { return false }
        worker.flow.ended(request.ticket, operation: decision.operation.index, hasLeft: false, on: worker.loop)
        departure = .none
        stopWaiting()
        queue(decision)
        return true
    }

    /// The turn was granted so long ago, before a sync or a wait for a credential, that the call would reach HSS after it counts there: the turn is
    /// given back, and the request takes another. Whoever has waited too long for a credential is refused instead.
    private func hasOutlivedTurn() -> Bool {
        guard case .counted(let request) = departure, let decision, !vouching.isOutOfPatience,
            let life = worker.flow.lifeOfTurn(decision.operation.index, with: decision.credential.name), FlowControl.now - turn > life
        else { return false }
        worker.flow.ended(request.ticket, operation: decision.operation.index, hasLeft: false, on: worker.loop)
        departure = .none
        queue(decision)
        return true
    }

    /// HSS has answered, so that its quota counted the call before now.
    func departureWasAnswered() { settleDeparture(.answered) }

    /// What stood with flow control is over. Only what HSS may have seen counts.
    func settleDeparture(_ reach: Reach) {
        let state = departure
        departure = .none
        guard let decision else { return }
        let operation = decision.operation.index
        switch state {
        case .none: break
        case .unpaced(let time):
            guard case .neverLeft = reach, !worker.departures.strike(operation, at: time) else { return }
            // The operation has become paced since, and what had left was told.
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

extension Exchange: DepartureWaiter {
    func departureIsUnknown(_ request: OperationLine.Request) {
        guard stage == .waiting, let decision, let fleet = worker.fleet, case .waiting = departure else { return }
        departure = .none
        guard fleet.terms.paced != .refuse else { return refuse(Refusal.fleetUnavailable) }
        record.note("fleet", .string("local"))
        proceed(request, worker.flow.arriveAlone(request, operation: decision.operation.index, waiter: waiter), decision)
    }

    /// Its turn came, or moved beyond its time.
    func departureDidCome(_ verdict: OperationLine.Verdict) {
        guard stage == .waiting, let decision, case .waiting(let request, let since) = departure else {
            // The caller left in the same moment; `withdraw` gave its slot back.
            return
        }
        let waited = FlowControl.now - since
        record.waited(waited)
        departure = .none
        switch verdict {
        case .leave(let name):
            worker.meters.countWait(decision.operation.index, waited)
            leave(request, with: name)
        case .refuse(let wait):
            refuse(Refusal.outOfTurn(decision, wait))
        case .wait:
            break
        }
    }
}

// MARK: - HSS says 429

extension Exchange {
    /// A 429 is whole: the request takes its turn again while its time lasts. What the API gateway refused was not executed, so that any kind
    /// may.
    /// - Returns: false when nothing can be done about it.
    func takesTurnAgain(_ summary: TransferSummary) -> Bool {
        guard let held, let decision, GatewayCode.isThrottled(held.errorCode) || decision.operation.kind == .read else { return false }
        let standing = departure
        switch standing {
        case .none, .waiting: return false
        case .counted, .unpaced: break
        }
        guard let permit = try? authorizeAgain(decision) else { return false }
        judgeCredential(by: held)
        record.learn(summary, error: nil)
        // Taken out first, so that the call's end doesn't settle it.
        departure = .none
        endCall(summary)
        self.held = nil
        worker.meters.countThrottle(decision.operation.index, credential: decision.credential.name)
        decision.permit = consume permit
        stopWaiting()
        rejoin(decision, standing, held.quotaNotice)
        return true
    }

    private func rejoin(_ decision: Decision, _ standing: DepartureState, _ notice: QuotaNotice) {
        let call: FlowScheduler.UnpacedCall
        let isCounted: Bool
        switch standing {
        case .counted(let request):
            (call, isCounted) = (FlowScheduler.UnpacedCall(request: request, credential: decision.credential.name, departure: .zero), true)
        case .unpaced(let time):
            _ = worker.departures.strike(decision.operation.index, at: time)
            let request = request(decision)
            (call, isCounted) = (FlowScheduler.UnpacedCall(request: request, credential: decision.credential.name, departure: time), false)
        case .none, .waiting: return
        }
        let verdict = worker.flow.throttled(call, isCounted: isCounted, operation: decision.operation.index, notice: notice, waiter: waiter)
        switch verdict {
        case .wait:
            stage = .waiting
            departure = .waiting(call.request, since: FlowControl.now)
        case .leave(let name):
            leave(call.request, with: name)
        case .refuse(let wait):
            record.wasThrottled()
            refuse(Refusal.outOfTurn(decision, wait))
        }
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
