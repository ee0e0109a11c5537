package import Credentials
import Glibc
package import Logging
import NIOCore
import NIOPosix
import Policy
import ServiceLifecycle
import Synchronization
package import Transport

/// The data listeners and the workers behind them, from bind to the end of the drain.
package final class DataPort: Sendable {
    private let group: MultiThreadedEventLoopGroup
    let pool: WorkerPool
    /// The loops beside the workers'.
    private let others: LoopPulses
    private let logger: Logger
    /// Bounds the connections of all listeners together.
    let gate: AcceptGate
    private let isLeaving = Atomic<Bool>(false)
    private let bodies: BodyBudget
    /// Which of HSS's endpoints are down.
    package let circuits: EndpointCircuits
    /// How far the cloud's clock is ahead.
    package let clock: ClockOffset

    /// Makes the workers, one per event loop; nothing is accepted yet.
    package init(services: Services, snapshot: Snapshot, logger: Logger) async throws(TransportError) {
        self.logger = logger
        self.clock = services.clock
        self.bodies = services.bodies
        self.gate = AcceptGate(capacity: snapshot.limits.accepted) {
            logger.warning("out of descriptors; accepting pauses", metadata: ["hint": "raise the limit of open files (LimitNOFILE, ulimit -n)"])
        }
        self.circuits = EndpointCircuits { origin, change in
            switch change {
            case .opened(let failure):
                logger.warning(
                    "HSS's endpoint is down; one request at a time tries it",
                    metadata: ["endpoint": "\(origin.hostField)", "reason": "\(failure.sentence)"])
            case .closed: logger.notice("HSS's endpoint is back", metadata: ["endpoint": "\(origin.hostField)"])
            }
        }
        circuits.follow(snapshot)
        async let settled: Void = Self.settleRuntime()
        self.group = MultiThreadedEventLoopGroup(numberOfThreads: services.workerCount)
        self.pool = try await WorkerPool(group: group, services: services, snapshot: snapshot, circuits: circuits)
        await settled
        self.others = LoopPulses(Array(MultiThreadedEventLoopGroup.singleton.makeIterator()) + services.otherLoops)
    }

    /// What libraries open when it is first needed is opened before the first connection, and so exists when descriptors run out: NIO ends
    /// the process when one of its shared loops can't get its own, and libdispatch forgets all timers of a clock that it gets no timerfd for.
    private static func settleRuntime() async {
        _ = MultiThreadedEventLoopGroup.singleton.next()
        try? await Task.sleep(for: .milliseconds(1))
    }

    /// Opens all listeners, or none: when one fails those that were opened are closed again.
    package func open(_ listeners: [ListenerConfiguration]) async throws(ListenerConfiguration.Fault) -> OpenListeners {
        var open: [Listener.Bound] = []
        for (position, listener) in listeners.enumerated() {
            do throws(ListenerConfiguration.Fault) {
                open.append(try await Listener(listener, position: position, pool: pool, gate: gate).bind(on: group))
            } catch {
                await OpenListeners(listeners: open).close()
                throw error
            }
        }
        return OpenListeners(listeners: open)
    }

    /// Listeners that accept.
    package struct OpenListeners: Sendable {
        let listeners: [Listener.Bound]

        package var bound: [ListenerConfiguration.Bound] { listeners.map(\.place) }

        func close() async {
            for listener in listeners {
                // The file is removed first, while no other process can have bound it: its own socket is
                // still open.
                listener.file?.remove()
                try? await listener.channel.close()
            }
        }
    }

    /// Makes `/readyz` fail, so that load balancers use another gateway; everything is served as before.
    package func announceEnd() {
        isLeaving.store(true, ordering: .relaxed)
    }

    /// Stops accepting, lets requests under way end, cuts those that take longer than `limits.drain`, and stops the
    /// workers.
    package func drain(_ listeners: OpenListeners) async {
        await stopAccepting(listeners)
        logger.info("draining")
        await pool.drain()
        await pool.stop()
        others.stop()
        try? await group.shutdownGracefully()
    }

    /// Connections in the kernel's queue are accepted, and reach their worker, before their listener closes: otherwise the kernel would reset the
    /// former, and NIO would close those that it is still setting up.
    private func stopAccepting(_ listeners: OpenListeners) async {
        for listener in listeners.listeners { await listener.emptyQueue() }
        for channel in listeners.listeners.map(\.channel) { try? await channel.setOption(.autoRead, value: false).get() }
        await pool.settle()
        await listeners.close()
    }

    /// Puts another configuration in force on every worker, or on none.
    package func replace(_ snapshot: Snapshot) async throws(TransportError) {
        try await pool.replace(snapshot)
        gate.setCapacity(snapshot.limits.accepted)
        circuits.follow(snapshot)
    }

    /// Ends connections that were accepted under client authorities that the listeners' files don't contain
    /// any more.
    package func endUntrustedConnections() async {
        await pool.endUntrustedConnections()
    }

    /// The counts of all workers.
    package func reading() async -> Meters.Reading {
        await pool.reading()
    }

    /// Bytes of all request bodies in memory.
    package var bodyBytes: Int { bodies.bytes }

    package var isDraining: Bool { isLeaving.load(ordering: .relaxed) || pool.isDraining }

    /// How long an event loop may be busy with one task before the process counts as hanging.
    static let patience = TimeAmount.seconds(10)

    /// Event loops in all.
    package var loops: Int { pool.workers.count + others.count }

    /// Event loops that hang.
    package var silentLoops: Int { silentLoops(for: Self.patience) }

    func silentLoops(for bound: TimeAmount) -> Int { pool.silentLoops(for: bound) + others.silent(for: bound) }
}
