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

    /// The length of the kernel's accept queue.
    private static let backlog: Int32 = 256
    /// How long answers under way may take after a stop was requested.
    private static let stopPatience = TimeAmount.seconds(5)

    init(router: Router, gate: AcceptGate, limits: AdminPort.Limits, tls: @escaping @Sendable () -> ListenerTLS?) {
        self.gate = gate
        terms = AdminConnection.Terms(limits: limits, gate: gate, tls: tls) { await router.respond(to: $0) }
    }

    func open(_ address: AdminPort.Address) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
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
            .bind(host: address.host, port: address.port).get()
    }

    private func furnish(_ channel: any Channel) throws {
        let tls = terms.tls()?.handler()
        if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler) }
        let source = channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0)?.sourceNetwork }
        try channel.pipeline.syncOperations.addHandler(AdminConnection(terms, isTLS: tls != nil, authorities: tls?.clientAuthorities, source: source))
        connections.add(channel)
    }

    /// Connections that are open.
    var connectionCount: Int { connections.all.count }

    /// Stops accepting, lets answers under way end, and cuts those that take longer than `stopPatience`.
    func stop(_ listener: any Channel) async {
        try? await listener.close()
        let open = connections.all
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        let cut = listener.eventLoop.scheduleTask(in: Self.stopPatience) {
            for channel in open { channel.close(promise: nil) }
        }
        for channel in open { try? await channel.closeFuture.get() }
        cut.cancel()
    }
}

extension AdminServer {
    /// The connections that are open.
    private final class Connections: Sendable {
        private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

        var all: [any Channel] { open.withLock { Array($0.values) } }

        func add(_ channel: any Channel) {
            let key = ObjectIdentifier(channel)
            open.withLock { $0[key] = channel }
            channel.closeFuture.whenComplete { _ in self.open.withLock { _ = $0.removeValue(forKey: key) } }
        }
    }
}
