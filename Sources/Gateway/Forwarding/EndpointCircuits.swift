import NIOCore
import Synchronization
import Transport

/// The circuits of all endpoints that the configuration names, shared by the workers: each region's stands for itself.
///
/// While no endpoint has failed a request pays one relaxed load each time. Only endpoints that have failed have an entry, and only those of the
/// configuration in force, so that there are never more than regions.
package final class EndpointCircuits: Sendable {
    private struct State {
        var circuits: [Origin: EndpointCircuit] = [:]
        var origins: Set<Origin> = []
        var transport: TransportConfiguration?
    }

    /// One endpoint, for those who look.
    package struct Reading: Sendable {
        /// Host, and port where it isn't the scheme's own.
        package let name: String
        /// Why it is taken for down; nil while it isn't.
        package let fault: String?
    }

    private let state = Mutex(State())
    /// How many endpoints have an entry.
    private let troubled = Atomic<Int>(0)
    private let changed: @Sendable (Origin, EndpointCircuit.Change) -> Void

    /// - Parameter changed: is told when an endpoint goes down or comes back, on the event loop where that was seen.
    init(changed: @escaping @Sendable (Origin, EndpointCircuit.Change) -> Void = { _, _ in }) {
        self.changed = changed
    }

    /// A configuration came into force. Endpoints that it doesn't name are forgotten. If upstream settings changed, such as the proxy, what failed
    /// may work now, and all endpoints start anew.
    func follow(_ snapshot: Snapshot) {
        state.withLock { state in
            state.origins = Set(snapshot.routes.map(\.origin))
            if let old = state.transport, old != snapshot.transport { state.circuits = [:] }
            state.transport = snapshot.transport
            state.circuits = state.circuits.filter { state.origins.contains($0.key) }
            troubled.store(state.circuits.count, ordering: .relaxed)
        }
    }

    /// Whether a request would be refused now; it takes no place.
    func wouldRefuse(_ origin: Origin) -> Refusal? {
        guard hasTrouble else { return nil }
        return refusal(state.withLock { $0.circuits[origin]?.verdict(at: .now()) ?? .passes })
    }

    /// A request is about to be sent.
    /// - Returns: what it must tell when it has ended.
    func admit(to origin: Origin) throws(Refusal) -> CircuitAdmission {
        guard hasTrouble else { return .usual }
        let verdict = state.withLock { $0.circuits[origin]?.admit(at: .now()) ?? .passes }
        if let refusal = refusal(verdict) { throw refusal }
        return verdict == .probes ? .probe : .usual
    }

    /// A request got a connection.
    func reached(_ origin: Origin) {
        guard hasTrouble else { return }
        tell(origin, change(origin) { $0.reach() })
    }

    /// A request has failed for good, or ended without being sent.
    /// - Parameter error: nil where it says nothing of the endpoint.
    func ended(_ origin: Origin, _ place: CircuitAdmission, _ error: TransportError?) {
        switch error?.reachability {
        case .failed(let failure): tell(origin, change(origin) { $0.fail(failure, ofProbe: place == .probe, at: .now()) })
        case .reached: reached(origin)
        case nil:
            guard place == .probe else { return }
            tell(
                origin,
                change(origin) { circuit in
                    circuit.release()
                    return nil
                })
        }
    }

    /// All endpoints of the configuration in force, in order of their names.
    package var reading: [Reading] {
        state.withLock { state in
            state.origins.map { origin in Reading(name: origin.hostField, fault: state.circuits[origin]?.failure?.sentence) }
        }.sorted { $0.name < $1.name }
    }

    private var hasTrouble: Bool { troubled.load(ordering: .relaxed) > 0 }

    private func change(_ origin: Origin, _ body: (inout EndpointCircuit) -> EndpointCircuit.Change?) -> EndpointCircuit.Change? {
        state.withLock { state in
            // A request that an older configuration decided may end at an endpoint that is configured no more.
            guard state.origins.contains(origin) else { return nil }
            var circuit = state.circuits[origin] ?? EndpointCircuit()
            let change = body(&circuit)
            state.circuits[origin] = circuit.isPristine ? nil : circuit
            troubled.store(state.circuits.count, ordering: .relaxed)
            return change
        }
    }

    private func tell(_ origin: Origin, _ change: EndpointCircuit.Change?) {
        if let change { changed(origin, change) }
    }

    private func refusal(_ verdict: EndpointCircuit.Verdict) -> Refusal? {
        guard case .refused(let wait, let failure) = verdict else { return nil }
        return Refusal(
            .cannotConnect,
            "HSS's endpoint is down: \(failure.sentence). Until it is back one request at a time tries it, and this one was not sent.",
            hint: "Try again after Retry-After; the operator checks the network, DNS and the egress proxy.",
            retryAfterSeconds: max(1, Int((wait.nanoseconds + 999_999_999) / 1_000_000_000)))
    }
}

/// How a request passed its endpoint's circuit.
enum CircuitAdmission {
    /// It hasn't asked yet, or what it showed has been told.
    case none
    case usual
    /// It is the one that sees whether the endpoint is back.
    case probe
}

extension EndpointCircuit.Failure {
    /// For callers, operators and logs.
    var sentence: String {
        switch self {
        case .unresolved: "its name can't be resolved"
        case .refused: "connections to it fail"
        case .proxy: "the egress proxy lets no connection through to it"
        case .timedOut: "connections to it time out"
        }
    }
}

extension TransportError {
    fileprivate enum Reachability {
        case reached
        case failed(EndpointCircuit.Failure)
    }

    /// What a failure says of whether the endpoint can be connected to; nil when nothing.
    fileprivate var reachability: Reachability? {
        switch self {
        case .couldNotResolve: .failed(.unresolved)
        case .couldNotConnect: .failed(.refused)
        case .proxy: .failed(.proxy)
        case .timedOut(.connect): .failed(.timedOut)
        // Somebody is there; what is wrong is told by an error of its own.
        case .tls, .timedOut, .connectionLost, .protocolViolation, .headersTooLarge, .responseTooManyHeaders: .reached
        case .addressRefused, .invalidRequest, .withheld, .overloaded, .shutDown, .resources, .configuration: nil
        }
    }
}
