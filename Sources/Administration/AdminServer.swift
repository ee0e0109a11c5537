import Audit
import Codecs
import HTTPTypes
import Gateway
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Policy
import Synchronization

/// The admin port's connections, from accept to close. Hummingbird reads requests and finds their answers.
///
/// Accepting is the gateway's own. Hummingbird's server hands accepted connections over in an asynchronous sequence, and one that is dropped
/// there, because the sequence has ended meanwhile, ends the process (`NIOAsyncWriter`). Here a connection belongs to the task that serves it
/// from the moment it is made.
final class AdminServer: Sendable {
    private let http: HTTP1Channel
    private let gate: AcceptGate
    private let logger: Logger
    /// What a connection begins with that comes now; nil for plain HTTP.
    private let tls: @Sendable () -> ListenerTLS?
    private let connections: Connections

    /// Connections that the kernel keeps waiting.
    private static let backlog: Int32 = 256
    /// How long answers under way may take after the port was told to stop.
    private static let stopPatience = TimeAmount.seconds(5)

    init(
        responder: RouterResponder<BasicRequestContext>, gate: AcceptGate, limits: AdminPort.Limits, tls: @escaping @Sendable () -> ListenerTLS?,
        logger: Logger
    ) {
        let connections = Connections()
        self.connections = connections
        self.gate = gate
        self.tls = tls
        self.logger = logger
        self.http = HTTP1Channel(
            responder: { request, writer, channel in
                let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
                let client = await connections.client(of: channel, trustedBy: tls())
                var response = await AdminClient.$current.withValue(client) { await Self.answer(request, context, by: responder) }
                response.headers[.date] = HTTPDate.text(Int(clamping: Timestamp.now().microseconds / 1_000_000))
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(additionalChannelHandlers: [AdminPatience(limits)])
        )
    }

    private static func answer(
        _ request: Request, _ context: BasicRequestContext, by responder: RouterResponder<BasicRequestContext>
    ) async -> Response {
        do {
            return try await responder.respond(to: request, context: context)
        } catch {
            return Response(status: .internalServerError)
        }
    }

    func open(_ address: AdminPort.Address) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [gate] channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptLimiter(gate)) }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in self.furnish(channel) }
            .bind(host: address.host, port: address.port).get()
    }

    private func furnish(_ channel: any Channel) -> EventLoopFuture<Void> {
        let tls = tls()
        let secured = channel.eventLoop.makeCompletedFuture { () -> ListenerTLS.ClientAuthorities? in
            guard let (handler, authorities) = tls?.handler() else { return nil }
            try channel.pipeline.syncOperations.addHandler(handler)
            return authorities
        }
        return secured.flatMap { [http, logger, connections] authorities in
            http.setup(channel: channel, logger: logger).map { connection in
                connections.add(channel, authorities)
                Task { await http.handle(value: connection, logger: logger) }
            }
        }
    }

    /// Connections that are open.
    var connectionCount: Int { connections.all.count }

    /// Accepts no more, lets answers under way end, and cuts what takes longer than `stopPatience`.
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
    /// The connections that are open, each with the authorities that its client's certificate was checked against.
    private final class Connections: Sendable {
        private struct Open {
            let channel: any Channel
            let authorities: ListenerTLS.ClientAuthorities?
            /// Asked for when the connection begins: one that its client has reset has no address any more.
            let source: String?
        }

        private let open = Mutex<[ObjectIdentifier: Open]>([:])

        var all: [any Channel] { open.withLock { $0.values.map(\.channel) } }

        func add(_ channel: any Channel, _ authorities: ListenerTLS.ClientAuthorities?) {
            let key = ObjectIdentifier(channel)
            let source = channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0)?.sourceNetwork }
            open.withLock { $0[key] = Open(channel: channel, authorities: authorities, source: source) }
            channel.closeFuture.whenComplete { _ in self.open.withLock { _ = $0.removeValue(forKey: key) } }
        }

        /// The client of a connection, with the name in its certificate while that one's authority is still trusted. A connection outlives the
        /// configuration that it began with: what it is worth is asked for each request.
        func client(of channel: any Channel, trustedBy tls: ListenerTLS?) async -> AdminClient {
            let begun = open.withLock { $0[ObjectIdentifier(channel)] }
            guard let tls, let authorities = begun?.authorities, tls.trusts(authorities) else {
                return AdminClient(certificate: nil, source: begun?.source)
            }
            return AdminClient(certificate: await ListenerTLS.clientName(on: channel), source: begun?.source)
        }
    }
}
