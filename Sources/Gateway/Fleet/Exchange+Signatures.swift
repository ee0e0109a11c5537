import Audit
import Catalogue
import Fleet
import Recognition
import NIOCore
import Policy

/// A signature of a virtual key is good once in the whole fleet.
extension Exchange {
    /// Whether the fleet must know a signature before the request goes on. Those of reads are told afterwards, unless the operator wants them exact.
    func mustShareSignature(of operation: Operation?) -> SharedState? {
        guard let fleet = worker.fleet, !fleet.isLocal else { return nil }
        switch fleet.terms.signatures {
        case .none: return nil
        case .all: return fleet
        case .changes: return (operation?.kind ?? .read) == .read ? nil : fleet
        }
    }

    /// Told afterwards, with others.
    func tellSignature(_ use: SharedSignature) {
        guard let fleet = worker.fleet, !fleet.isLocal, fleet.terms.signatures == .changes else { return }
        fleet.reads.add(use, on: worker.loop)
    }

    /// - Parameter repetition: what a request is whose signature was used before, here or on another gateway; nil for one that is refused then.
    func share(
        _ use: SharedSignature, _ repetition: SignatureStanding?, with fleet: SharedState, _ waiting: UnsettledCaller, body: ByteBuffer?
    ) {
        go(.asks)
        // Only this loop touches the exchange: the answer comes back to it.
        let bound = NIOLoopBound(self, eventLoop: worker.loop)
        let resumed = NIOLoopBound(waiting, eventLoop: worker.loop)
        fleet.ask(on: worker.loop) {
            fleet.member.use(use, then: $0)
        } then: { result in
            bound.value.signatureWasShared(result, repetition, resumed.value, body: body)
        }
    }

    private func signatureWasShared(
        _ result: Result<Bool, FleetFault>, _ repetition: SignatureStanding?, _ waiting: UnsettledCaller, body: ByteBuffer?
    ) {
        guard state == .asking, let fleet = worker.fleet else { return }
        go(.isAnswered)
        switch result {
        case .success(true): break
        case .success(false):
            guard let repetition else { return refuse(Refusal(RecognitionFault.replay)) }
            signature = repetition
        case .failure where fleet.terms.signaturesAlone: record.note(.fleet, .string("local"))
        case .failure: return refuse(Refusal.fleetUnavailable)
        }
        settleRest(waiting, body: body)
    }
}
