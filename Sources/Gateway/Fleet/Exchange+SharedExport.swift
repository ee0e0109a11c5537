import Audit
import Catalogue
import Fleet
import NIOCore
import Policy
import Recollection

/// State of an export in the fleet's database. A class, so that the usual exchange holds one pointer for it.
final class SharedExport {
    /// Longest wait for an export with the same key on another gateway, which is itself bounded by the upstream's
    /// timeouts.
    static let longestWait = Duration.seconds(900)
    /// How often the database is asked without a notification, which usually comes first.
    private static let looks: [TimeAmount] = [.milliseconds(250), .milliseconds(500)]
    /// Between two attempts while members report what a failover may have lost, or while this member joins
    /// again.
    static let pause: TimeAmount = .milliseconds(200)

    let claim: ExportClaim
    let since = FlowControl.now
    /// Whether the database has a row for it, which must be closed at its end.
    var isOpen = false
    private var looked = 0
    private var timer: Scheduled<Void>?
    private var wake: UInt64 = 0

    init(_ claim: ExportClaim) { self.claim = claim }

    /// The notification that the key's export has ended.
    private var payload: String { "k" + (claim.key ?? []).hexadecimal }

    /// Calls back when the key's export has ended, or when it is time to poll.
    func wait(_ fleet: SharedState, on loop: any EventLoop, _ look: @escaping @Sendable () -> Void) {
        let pause = looked < Self.looks.count ? Self.looks[looked] : .seconds(1)
        looked += 1
        if claim.key != nil { wake = fleet.member.wakes.when(payload) { loop.execute(look) } }
        timer = loop.scheduleTask(in: pause, look)
    }

    func pause(on loop: any EventLoop, _ look: @escaping @Sendable () -> Void) { timer = loop.scheduleTask(in: Self.pause, look) }

    func stopWaiting(_ fleet: SharedState) {
        timer?.cancel()
        timer = nil
        if wake != 0 { fleet.member.wakes.cancel(payload, wake) }
        wake = 0
    }
}

/// An export asks the fleet before it is sent, and reports its end before the last byte of its answer is
/// sent.
extension Exchange {
    /// The last step before its turn: from here on it counts in the fleet.
    func beginShared(_ fleet: SharedState, _ decision: Decision) -> ExchangeMachine.Input? {
        var claim = ExportClaim(
            id: record.auditID, caller: decision.caller.name, project: decision.route.project.id, operation: decision.operation.name)
        claim.dailyLimit = decision.caller.limits?.exportsPerDay
        if case .first(let key) = equals.idempotency {
            claim.key = [UInt8](hexadecimal: key.digest)
            claim.request = [UInt8](hexadecimal: key.request)
        }
        if fleet.isLocal { return beginsAlone(fleet, decision) ? .passes(.exportQuota) : nil }
        let export = SharedExport(claim)
        inFleet.export = export
        askToBegin(fleet, export)
        return .waits(.exportQuota)
    }

    /// Polls once more.
    private func askAgain() {
        guard let fleet = worker.fleet, let export = inFleet.export else { return refuse(Refusal.internalFault) }
        export.stopWaiting(fleet)
        if fleet.isLocal { goOnAlone(fleet) } else { askToBegin(fleet, export) }
    }

    private func askToBegin(_ fleet: SharedState, _ export: SharedExport) {
        // Only this event loop uses the exchange: the callback runs on it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        let claim = export.claim
        fleet.ask(on: worker.loop) {
            fleet.member.begin(claim, then: $0)
        } then: {
            bound.value.exportDidBegin($0)
        }
    }

    private func exportDidBegin(_ result: Result<ExportClaim.Verdict, FleetFault>) {
        guard let fleet = worker.fleet, let export = inFleet.export else { return }
        guard state == .waiting(.exportQuota) else { return giveBack(result, export, fleet) }
        switch result {
        case .success(.go(let ofDay)):
            export.isOpen = true
            // A single gateway doesn't see the other gateways' exports, so the record contains the fleet's count for readers who
            // check limits.
            if let ofDay { record.note(.exportsOfDay, .integer(ofDay)) }
            go(.wakes(.exportQuota))
        case .success(.replay(let task, let total, let auditID)): replay(task, total, auditID)
        case .success(.wait): lookAgain(export, within: SharedExport.longestWait) { $0.wait(fleet, on: $1, $2) }
        case .success(.recovering), .success(.fenced), .failure(.fenced):
            lookAgain(export, within: fleet.member.configuration.patience) { $0.pause(on: $1, $2) }
        case .success(.conflict): refuse(Refusal.keyInUse)
        case .success(.unknown): refuse(Refusal.exportUnknown)
        case .success(.dayFull): refuse(dayFull)
        case .failure where fleet.terms.exportsAlone: goOnAlone(fleet)
        case .failure:
            // The statement may have been executed all the same.
            giveBack(result, export, fleet)
            refuse(Refusal.fleetUnavailable)
        }
    }

    /// Nothing is sent: what the database may have noted is undone, now or from the journal.
    private func giveBack(_ result: Result<ExportClaim.Verdict, FleetFault>, _ export: SharedExport, _ fleet: SharedState) {
        switch result {
        case .success(.go): fleet.member.end(export.claim.id, .failed) { _ in }
        case .success: break
        case .failure: fleet.member.mustSayAgain()
        }
    }

    /// Waits, and then asks the fleet again.
    /// - Parameter patience: how long after its beginning the export is refused instead.
    private func lookAgain(
        _ export: SharedExport, within patience: Duration, _ wait: (SharedExport, any EventLoop, @escaping @Sendable () -> Void) -> Void
    ) {
        guard FlowControl.now - export.since < patience else { return refuse(Refusal.fleetUnavailable) }
        // Only this loop touches the exchange: the timer is the loop's own.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        wait(export, worker.loop) {
            guard bound.value.state == .waiting(.exportQuota), bound.value.inFleet.isWaitingForKey else { return }
            bound.value.inFleet.isWaitingForKey = false
            bound.value.askAgain()
        }
        inFleet.isWaitingForKey = true
    }

    /// The gateway decides alone, because an operator ordered it.
    /// - Returns: whether it may; otherwise the request is refused.
    private func beginsAlone(_ fleet: SharedState, _ decision: Decision) -> Bool {
        record.note(.fleet, .string("local"))
        inFleet.export = nil
        // The database would know it; what this gateway itself has sent, it knows alone.
        if case .first(let key) = equals.idempotency, isUnknownHere(key) {
            refuse(.exportUnknown)
            return false
        }
        // It is reported from the journal once the database is back.
        fleet.member.mustSayAgain()
        // Each gateway has its part of the daily limit: together they can't exceed it.
        return reservesExport(decision, part: max(1, Int(fleet.member.standing.beat?.members ?? 1)))
    }

    /// The same for an export that waited for the fleet's answer.
    private func goOnAlone(_ fleet: SharedState) {
        guard let decision else { return refuse(Refusal.internalFault) }
        if beginsAlone(fleet, decision) { go(.wakes(.exportQuota)) }
    }

    private func replay(_ task: String, _ total: Int64?, _ auditID: String) {
        guard case .first(let key) = equals.idempotency else { return refuse(Refusal.internalFault) }
        replay(IdempotentExports.Made(request: key.request, taskID: task, recordTotalNum: total, auditID: auditID), key)
    }

    private var dayFull: Refusal {
        guard let decision, let limit = decision.caller.limits?.exportsPerDay else { return .internalFault }
        return .exportsUsedUp(decision.caller, limit: limit, seconds: ExportCounts.secondsUntilNextDay(from: worker.now()))
    }

    /// The exchange ends: the outcome of the export is reported to the fleet.
    /// - Returns: whether the exchange has to wait for that.
    func endShared(_ outcome: @autoclosure () -> ExportOutcome) -> Bool {
        guard let export = inFleet.export, let fleet = worker.fleet else { return false }
        export.stopWaiting(fleet)
        guard export.isOpen else { return false }
        export.isOpen = false
        // Only this event loop uses the exchange: the callback runs on it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        let (id, outcome) = (export.claim.id, outcome())
        // If that fails, the row stays open: no other caller can claim the task, and the row is closed later from the journal.
        fleet.ask(on: worker.loop) {
            fleet.member.end(id, outcome, then: $0)
        } then: { _ in
            bound.value.wake(.fleetIsTold)
        }
        return true
    }
}
