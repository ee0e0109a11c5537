import Audit
import Catalogue
import Fleet
import NIOCore
import Policy
import Recollection
import Transport

/// A request about an export task that isn't cached here as the caller's own: the fleet is asked before the decision. A class, so that
/// the usual exchange has one pointer for it.
final class PendingOwners {
    let caller: Caller
    let operation: Operation
    let target: RequestTarget
    let project: String
    /// The names still to ask for.
    var names: [ExportName]
    var answers: [TaskStanding] = []
    /// The database gave no answer for one of the names.
    var isDoubtful = false

    init(_ caller: Caller, _ operation: Operation, _ target: RequestTarget, in project: String, names: [ExportName]) {
        self.caller = caller
        self.operation = operation
        self.target = target
        self.project = project
        self.names = names
    }
}

extension Exchange {
    /// The names that the fleet must be asked for before this request can be decided; if none is left, all of it is the caller's own. Nil when the
    /// request is about no export, or there is no fleet.
    func ownersToAsk(_ caller: Caller, _ operation: Operation, _ target: RequestTarget) -> PendingOwners? {
        guard let fleet = worker.fleet, !fleet.isLocal, let names = ExportName.all(in: target, of: operation),
            let project = snapshot.projectIdentifier(of: target, operation, for: caller)
        else { return nil }
        let open = names.filter { name in
            !fleet.member.known.isOwn(name, in: project, of: caller.name) && !isOwn(name, in: project, of: caller.name)
        }
        return PendingOwners(caller, operation, target, in: project, names: open)
    }

    private func isOwn(_ name: ExportName, in project: String, of caller: String) -> Bool {
        worker.memory.recall { memories in
            switch name {
            case .task(let id): memories.tasks.owners(ofTask: id, in: project)?.contains(caller) ?? false
            case .file(let id): memories.tasks.owners(ofFile: id, in: project)?.contains(caller) ?? false
            case .any: false
            }
        }
    }

    /// Asks for one name after the other, then decides and continues.
    func askOwners(_ pending: PendingOwners, body: ByteBuffer?) {
        guard let fleet = worker.fleet, let name = pending.names.popLast() else { return decide(pending, body: body) }
        go(.asks)
        // Only this event loop uses the exchange: the callback runs on it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        let (project, caller) = (pending.project, pending.caller.name)
        fleet.ask(on: worker.loop) {
            fleet.member.owners(of: name, in: project, for: caller, then: $0)
        } then: { result in
            bound.value.ownersDidCome(result, of: name, body: body)
        }
    }

    private func ownersDidCome(_ result: Result<ExportOwners, FleetFault>, of name: ExportName, body: ByteBuffer?) {
        // The caller may have disconnected meanwhile; then the exchange has ended.
        guard state == .asking, let fleet = worker.fleet, let pending = inFleet.pendingOwners else { return }
        go(.isAnswered)
        switch result {
        case .success(let found):
            if let owners = found.owners {
                pending.answers.append(owners.contains(pending.caller.name) ? .own : .others)
            } else if found.hasOthers {
                pending.answers.append(.others)
            } else {
                pending.answers.append(.unclaimed)
                pending.isDoubtful = pending.isDoubtful || found.isDoubtful
            }
        case .failure where fleet.terms.ownersAlone:
            record.note(.fleet, .string("local"))
            pending.answers.append(snapshot.standing(of: name, in: pending.project, pending.caller, worker.memory))
        case .failure:
            pending.isDoubtful = true
        }
        askOwners(pending, body: body)
    }

    private func decide(_ pending: PendingOwners, body: ByteBuffer?) {
        inFleet.pendingOwners = nil
        let isOthers = pending.answers.contains(.others)
        // Without an answer the task counts as another caller's: only callers that may use those may use it.
        let standing: TaskStanding = isOthers || pending.isDoubtful ? .others : pending.answers.contains(.unclaimed) ? .unclaimed : .own
        do throws(Refusal) {
            try decide(pending.operation, pending.target, for: pending.caller, standing: standing)
        } catch {
            return refuse(error.code == .policyDenied && pending.isDoubtful && !isOthers ? .fleetUnavailable : error)
        }
        proceed(body: body)
    }

    // MARK: - Files

    /// When a poll names a file for the first time, the file's owner is reported to the fleet before the end of
    /// the poll's answer is sent.
    /// - Returns: whether the exchange has to wait for that.
    func tellFile(_ export: Record.Export?) -> Bool {
        guard let fleet = worker.fleet, let decision, decision.operation.exportStep == .poll, (record.upstreamStatus ?? 500) < 400,
            let task = export?.taskID, let file = export?.fileID
        else { return false }
        let project = decision.route.project.id
        guard !fleet.toldFiles.contains(file, in: project) else { return false }
        // Only this event loop uses the exchange: the callback runs on it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        fleet.ask(on: worker.loop) {
            fleet.member.file(file, of: task, in: project, then: $0)
        } then: { result in
            if case .success = result { fleet.toldFiles.insert(file, in: project) }
            bound.value.wake(.fleetIsTold)
        }
        return true
    }
}
