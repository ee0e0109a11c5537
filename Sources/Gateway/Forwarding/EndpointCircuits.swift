import NIOCore
import Synchronization
import Transport

/// The circuits of all endpoints that the configuration names, shared by the workers; each region has its own.
///
/// While no endpoint has failed, a request costs one relaxed load. Only endpoints of the configuration in force that have failed have an entry, so
/// there are at most as many as regions.
package final class EndpointCircuits: Sendable {
    private struct State {
        var circuits: [Origin: EndpointCircuit] = [:]
        var origins: Set<Origin> = []
        var transport: TransportConfiguration?
    }

    /// One endpoint's state, for metrics and the admin port.
    package struct Reading: Sendable {
        /// Host, and port if it isn't the scheme's default.
        package let name: String
        /// Why it counts as down; nil if it doesn't.
        package let fault: String?
    }

    private let state = Mutex(State())
    /// How many endpoints have an entry.
    private let troubled = Atomic<Int>(0)
    private let changed: @Sendable (Origin, EndpointCircuit.Change) -> Void

    /// - Parameter changed: called when an endpoint goes down or comes back, on the event loop that noticed it.
    init(changed: @escaping @Sendable (Origin, EndpointCircuit.Change) -> Void = { _, _ in }) {
        self.changed = changed
    }

    /// A configuration came into force. Endpoints that it doesn't name are forgotten. If upstream settings such as the proxy changed, failed
    /// endpoints may work now, so all of them are reset.
    func follow(_ snapshot: Snapshot) {
        state.withLock { state in
            state.origins = Set(snapshot.routes.map(\.origin))
            if let old = state.transport, old != snapshot.transport { state.circuits = [:] }
            state.transport = snapshot.transport
            state.circuits = state.circuits.filter { state.origins.contains($0.key) }
            troubled.store(state.circuits.count, ordering: .relaxed)
        }
    }

    /// Whether a request would be refused now; does not admit it.
    func wouldRefuse(_ origin: Origin) -> Refusal? {
        guard hasTrouble else { return nil }
        return refusal(state.withLock { $0.circuits[origin]?.verdict(at: .now()) ?? .passes })
    }

    /// A request is about to be sent.
    /// - Returns: what must be passed to `ended` at the request's end.
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

    /// A request has failed finally, or ended without being sent.
    /// - Parameter error: nil if it says nothing about the endpoint.
    func ended(_ origin: Origin, _ admission: CircuitAdmission, _ error: TransportError?) {
        switch error?.reachability {
        case .failed(let failure): tell(origin, change(origin) { $0.fail(failure, ofProbe: admission == .probe, at: .now()) })
        case .reached: reached(origin)
        case nil:
            guard admission == .probe else { return }
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
            // A request that an older configuration decided may end after its endpoint was removed from the configuration.
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

/// How a request passed its endpoint's circuit breaker.
enum CircuitAdmission {
    /// Not admitted yet, or its result has been reported.
    case none
    case usual
    /// It is the probe of an endpoint that is down.
    case probe
}

extension EndpointCircuit.Failure {
    /// Text for callers, operators and logs.
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

    /// What a failure says about the endpoint's reachability; nil if nothing.
    fileprivate var reachability: Reachability? {
        switch self {
        case .couldNotResolve: .failed(.unresolved)
        case .couldNotConnect: .failed(.refused)
        case .proxy: .failed(.proxy)
        case .timedOut(.connect): .failed(.timedOut)
        // The endpoint accepts connections; the fault has an error of its own.
        case .tls, .timedOut, .connectionLost, .protocolViolation, .headersTooLarge, .responseTooManyHeaders: .reached
        case .addressRefused, .invalidRequest, .withheld, .overloaded, .shutDown, .resources, .configuration: nil
        }
    }
}
