import Audit
import Credentials
import Glibc
import NIOCore
import Policy
import Recollection
import Transport

/// One event loop and everything confined to it: its connections, its transport, its share of the meters. While serving a request, workers share only
/// the journal's buffer.
final class Worker {
    let loop: any EventLoop
    let workerCount: Int
    /// The limits of `snapshot`.
    var limits: WireLimits
    let journal: Journal
    let memory: Memory
    let allowances: CallerAllowances
    let refusals: RefusalLedger
    /// The transport of `snapshot`.
    var transport: HTTPTransport
    /// Transports of earlier configurations that still have transfers under way.
    var retired: [HTTPTransport] = []
    /// The transport of a configuration that is about to come into force.
    var prepared: HTTPTransport?
    let gate: DurabilityGate
    let ticks: TickQueue
    let turns = LaterTurns()
    let outputs = OutputBuffers()
    let connections: ConnectionRegistry
    let meters: Meters
    var inFlight = InFlight()
    let bodies: BodyBudget
    let pages: PageBudget
    let unread: UnreadAnswers
    /// Updated at each sweep to show that the loop runs.
    let pulse = Pulse()
    let flow: FlowControl
    let shared: SharedReads
    /// What several gateways share; nil for a gateway that is alone.
    let fleet: SharedState?
    let idempotentCalls: IdempotentCalls
    let circuits: EndpointCircuits
    let requestLog: RequestLog?
    let departures = DepartureLog()
    /// Which of a project's credentials is next if nothing else decides.
    private var rotation = 0
    let identifiers: RecordIDGenerator
    /// How far the cloud's clock is ahead.
    let clock: ClockOffset
    /// The configuration in force; replaced as a whole, on this loop (`adopt`).
    var snapshot: Snapshot
    /// Builds the head of requests to the cloud.
    let forwardedHead: ForwardedHead
    let loopMark: LoopMark
    private var drainsSince: NIODeadline?
    private var sweep: RepeatedTask?

    init(
        loop: any EventLoop, services: Services, snapshot: Snapshot, flow: FlowControl, shared: SharedReads, calls: IdempotentCalls,
        circuits: EndpointCircuits
    ) throws(TransportError) {
        self.loop = loop
        self.workerCount = services.workerCount
        self.limits = snapshot.limits
        self.journal = services.journal
        self.memory = services.memory
        self.allowances = services.allowances
        self.refusals = services.refusals
        self.bodies = services.bodies
        self.pages = services.pages
        self.unread = services.unread
        bodies.setCapacity(snapshot.limits.bodies)
        self.identifiers = services.identifiers
        self.clock = services.clock
        self.snapshot = snapshot
        self.transport = try HTTPTransport(configuration: snapshot.transport, eventLoop: loop)
        self.gate = DurabilityGate(journal: services.journal, loop: loop)
        self.ticks = TickQueue(loop: loop, gate: gate)
        self.connections = ConnectionRegistry(capacity: max(1, snapshot.limits.connections / services.workerCount))
        self.meters = Meters()
        self.forwardedHead = ForwardedHead(userAgent: services.userAgent)
        self.loopMark = services.loopMark
        self.flow = flow
        self.shared = shared
        self.fleet = services.fleet
        self.idempotentCalls = calls
        self.circuits = circuits
        self.requestLog = services.requestLog
        flow.add(NIOLoopBound(departures, eventLoop: loop))
        startSweep()
    }

    /// How often deadlines are checked. One pass over the connections costs less than a timer per request would.
    static let sweepInterval: TimeAmount = .milliseconds(250)

    private func startSweep() {
        let bound = NIOLoopBound(self, eventLoop: loop)
        sweep = loop.scheduleRepeatedTask(initialDelay: Worker.sweepInterval, delay: Worker.sweepInterval) { _ in
            bound.value.sweepDeadlines()
        }
    }

    private func sweepDeadlines() {
        pulse.beat()
        let now = NIODeadline.now()
        for connection in connections.all {
            guard let deadline = connection.deadline, deadline <= now else { continue }
            // Input that arrived in time but was not read, because this event loop or the whole process was busy or stopped, is not its sender's
            // fault. The extension is limited to the time of a head, so that a sender can't stay forever.
            if now < deadline + limits.headerTimeout, connection.hasUnreadInput { continue }
            connection.deadlineDidPass()
        }
        if !isDraining { renewTransport() }
        closeIdleTransports()
        refusals.flushIfDue()
    }

    // MARK: - Credentials and load

    /// The credentials of a project that could sign a request now; all of them when none could.
    func usableCredentials(of route: Route) -> [Credential] {
        guard !route.alternatives.isEmpty else { return [route.credential] }
        let usable = route.credentials.filter { $0.isServiceable() }
        return usable.isEmpty ? route.credentials : usable
    }

    /// The next credential in rotation, so that they share the load.
    func nextCredential(of route: Route) -> Credential {
        guard !route.alternatives.isEmpty else { return route.credential }
        let usable = usableCredentials(of: route)
        rotation &+= 1
        return usable[rotation % usable.count]
    }

    /// The wall clock, for records and signatures.
    func now() -> Timestamp { Timestamp.now() }

    var reading: Meters.Reading {
        var reading = meters.reading
        reading.connections = connections.count
        return reading
    }

    // MARK: - Stopping

    var isDraining: Bool { drainsSince != nil }

    /// Whether a new request comes too late. Requests that were in transit when the drain began are still answered.
    var takesNoMore: Bool { drainsSince.map { $0 + limits.lastRequests <= .now() } ?? false }

    /// Ends idle connections and lets busy ones end with their answer.
    /// - Returns: succeeds when the last one has gone.
    func beginDraining() -> EventLoopFuture<Void> {
        drainsSince = .now()
        for connection in connections.all { connection.beginDraining() }
        return connections.whenEmpty(on: loop)
    }

    func cutConnections() {
        for connection in connections.all { connection.cut() }
    }

    func stop() -> EventLoopFuture<Void> {
        sweep?.cancel()
        sweep = nil
        turns.close()
        let ends = ([transport, prepared].compactMap(\.self) + retired).map { $0.shutdown() }
        retired.removeAll()
        return EventLoopFuture.andAllComplete(ends, on: loop)
    }
}
