import Gateway
import NIOCore
import NIOPosix
import Policy
import Synchronization

/// The admin port's connections, from accept to close.
final class AdminServer: Sendable {
    private let terms: AdminConnection.Terms
    private let gate: AcceptGate
    private let connections = Connections()

    private static let loops = MultiThreadedEventLoopGroup.singleton
    /// The length of the kernel's accept queue.
    private static let backlog: Int32 = 256
    /// How long answers under way may take after a stop was requested.
    private static let stopPatience = TimeAmount.seconds(5)

    init(router: Router, gate: AcceptGate, limits: AdminPort.Limits, tls: @escaping @Sendable () -> ListenerTLS?) {
        self.gate = gate
        terms = AdminConnection.Terms(limits: limits, gate: gate, tls: tls) { await router.respond(to: $0) }
    }

    func open(_ address: AdminPort.Address) async throws(AdminPort.Fault) -> any Channel {
        let bootstrap = ServerBootstrap(group: Self.loops)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [gate] channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptLimiter(gate)) }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [self] channel in channel.eventLoop.makeCompletedFuture { try furnish(channel) } }
        do {
            return try await bootstrap.bind(host: address.host, port: address.port).get()
        } catch {
            throw AdminPort.Fault(code: (error as? IOError)?.errnoCode ?? 0)
        }
    }

    private func furnish(_ channel: any Channel) throws {
        let tls = terms.tls()?.handler()
        if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler) }
        let source = channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0)?.sourceNetwork }
        let isStopping = connections.add(channel)
        try channel.pipeline.syncOperations.addHandler(
            AdminConnection(terms, isTLS: tls != nil, authorities: tls?.clientAuthorities, source: source, isStopping: isStopping))
    }

    /// Connections that are open.
    var connectionCount: Int { connections.all.count }

    /// Stops accepting, lets answers under way end, and cuts those that take longer than `stopPatience`. Connections that are already
    /// established are accepted and answered: the kernel would reset connections in the queue of a listener that closes.
    func stop(_ listener: any Channel) async {
        let end = NIODeadline.now() + Self.stopPatience
        // Connections without a request end, and make room for those in the queue.
        for channel in connections.stop() { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        while await !AcceptQueue.letIn(from: listener, isTCP: true), .now() < end { try? await Task.sleep(for: Self.queuePause) }
        try? await listener.setOption(.autoRead, value: false).get()
        await AcceptQueue.settle(Array(Self.loops.makeIterator()))
        try? await listener.close()
        let cut = listener.eventLoop.scheduleTask(deadline: end) { [connections] in
            for channel in connections.all { channel.close(promise: nil) }
        }
        while let channel = connections.all.first { try? await channel.closeFuture.get() }
        cut.cancel()
    }

    /// How long the queue waits while as many connections are open as may be.
    private static let queuePause = Duration.milliseconds(20)
}

extension AdminServer {
    /// The connections that are open.
    private final class Connections: Sendable {
        private struct State {
            var channels: [ObjectIdentifier: any Channel] = [:]
            var isStopping = false
        }

        private let state = Mutex(State())

        var all: [any Channel] { state.withLock { Array($0.channels.values) } }

        /// Whether the port is stopping, so that a new connection has one request at most.
        func add(_ channel: any Channel) -> Bool {
            let key = ObjectIdentifier(channel)
            let isStopping = state.withLock { state in
                state.channels[key] = channel
                return state.isStopping
            }
            channel.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.channels.removeValue(forKey: key) } }
            return isStopping
        }

        /// Those that are open when the port begins to stop.
        func stop() -> [any Channel] {
            state.withLock { state in
                state.isStopping = true
                return Array(state.channels.values)
            }
        }
    }
}
