import HTTPTypes
import Gateway
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
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
    private let connections = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Connections that the kernel keeps waiting.
    private static let backlog: Int32 = 256
    /// How long answers under way may take after the port was told to stop.
    private static let stopPatience = TimeAmount.seconds(5)

    init(responder: RouterResponder<BasicRequestContext>, gate: AcceptGate, limits: AdminLimits, logger: Logger) {
        self.gate = gate
        self.logger = logger
        self.http = HTTP1Channel(
            responder: { request, writer, channel in
                let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
                var response = await Self.answer(request, context, by: responder)
                response.headers[.date] = HTTPDate.now
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
        http.setup(channel: channel, logger: logger).map { [http, logger] connection in
            self.connections.withLock { $0[ObjectIdentifier(channel)] = channel }
            channel.closeFuture.whenComplete { _ in self.connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) } }
            Task { await http.handle(value: connection, logger: logger) }
        }
    }

    /// Connections that are open.
    var connectionCount: Int { connections.withLock { $0.count } }

    /// Accepts no more, lets answers under way end, and cuts what takes longer than `stopPatience`.
    func stop(_ listener: any Channel) async {
        try? await listener.close()
        let open = connections.withLock { Array($0.values) }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        let cut = listener.eventLoop.scheduleTask(in: Self.stopPatience) {
            for channel in open { channel.close(promise: nil) }
        }
        for channel in open { try? await channel.closeFuture.get() }
        cut.cancel()
    }
}
