import Audit
import Catalogue
import Fleet
import NIOCore
import Policy
import Recognition

/// A signature of a virtual key is valid once in the whole fleet.
extension Exchange {
    /// Whether the fleet must know a signature before the request continues. Signatures of reads are reported afterwards, unless the operator wants
    /// them exact.
    func mustShareSignature(of operation: Operation?) -> SharedState? {
        guard let fleet = worker.fleet, !fleet.isLocal else { return nil }
        switch fleet.terms.signatures {
        case .none: return nil
        case .all: return fleet
        case .changes: return (operation?.kind ?? .read) == .read ? nil : fleet
        }
    }

    /// Reported afterwards, in a batch; the signature of a refused request was not used.
    func tellSignature(_ use: ReplayMemory.SignatureUse) {
        guard let fleet = worker.fleet, !fleet.isLocal, fleet.terms.signatures == .changes else { return }
        fleet.reads.add(SharedSignature(use), on: worker.loop)
    }

    /// - Parameter repetition: how to treat a request whose signature was used before, here or on another gateway; nil if it is refused then.
    func share(
        _ use: ReplayMemory.SignatureUse, _ repetition: SignatureStanding?, with fleet: SharedState, _ waiting: UnsettledCaller, body: ByteBuffer?
    ) {
        go(.asks)
        // Only this event loop uses the exchange: the callback runs on it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        let resumed = NIOLoopBound(waiting, eventLoop: worker.loop)
        let taken = SharedSignature(use)
        fleet.ask(on: worker.loop) {
            fleet.member.take(taken, then: $0)
        } then: { result in
            bound.value.signatureWasShared(taken, result, repetition, resumed.value, body: body)
        }
    }

    private func signatureWasShared(
        _ taken: SharedSignature, _ result: Result<Bool, FleetFault>, _ repetition: SignatureStanding?, _ waiting: UnsettledCaller, body: ByteBuffer?
    ) {
        guard let fleet = worker.fleet else { return }
        // The caller disconnected meanwhile: nothing is sent.
        guard state == .asking else { return giveBackLater(taken, fleet) }
        go(.isAnswered)
        switch result {
        case .success(true): note(taken)
        case .success(false):
            guard let repetition else { return refuse(Refusal(RecognitionFault.replay)) }
            sender.signature = repetition
        case .failure where fleet.terms.signaturesAlone:
            note(taken)
            record.note(.fleet, .string("local"))
        case .failure:
            // The statement may have been executed all the same.
            giveBackLater(taken, fleet)
            return refuse(Refusal.fleetUnavailable)
        }
        settleRest(waiting, body: body)
    }

    /// A repetition stays one: its signature belongs to the first request.
    private func note(_ taken: SharedSignature) {
        if case .used(let use) = sender.signature { sender.signature = .taken(use, taken) }
    }

    private func giveBackLater(_ taken: SharedSignature, _ fleet: SharedState) { fleet.member.giveBack(taken) { _ in } }

    /// The request was refused here: this is reported to the fleet before the caller gets its answer, because the caller may send
    /// the same bytes to another gateway at once.
    /// - Returns: whether the exchange has to wait for that.
    func giveBack(_ taken: SharedSignature) -> Bool {
        guard let fleet = worker.fleet else { return false }
        // Only this event loop uses the exchange: the callback runs on it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        fleet.ask(on: worker.loop) {
            fleet.member.giveBack(taken, then: $0)
        } then: { _ in
            bound.value.wake(.fleetIsTold)
        }
        return true
    }
}

extension SharedSignature {
    fileprivate init(_ use: ReplayMemory.SignatureUse) { self.init(key: use.key, mark: use.mark, seconds: use.date) }
}
