import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A listening socket with its connections.
final class SandboxListener: Sendable {
    /// The length of the accept queue; the kernel may use less.
    private static let backlog: CInt = 1_024

    private let channel: any Channel
    private let children: ConnectionSet

    /// The address assigned by the kernel.
    let address: SandboxAddress

    private init(channel: any Channel, children: ConnectionSet, address: SandboxAddress) {
        self.channel = channel
        self.children = children
        self.address = address
    }

    /// Binds and begins to serve.
    static func bind(
        _ address: SandboxAddress, side: SandboxSide, group: MultiThreadedEventLoopGroup, responder: Responder
    ) async throws -> SandboxListener {
        // The type's metadata is created while no other thread needs it: Swift's runtime (6.3.1 on Linux) may crash when two event loops
        // create it at the same time.
        withExtendedLifetime(ByteToMessageHandler(Self.decoder())) {}
        let children = ConnectionSet()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let origin = SandboxRequest.Origin(
                        side: side, connection: children.insert(channel), remoteHost: channel.remoteAddress?.ipAddress ?? "local")
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(Self.decoder()))
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler(origin: origin, responder: responder))
                }
            }
        let channel = try await bootstrap.bind(host: address.host, port: address.port).get()
        let bound = SandboxAddress(host: address.host, port: channel.localAddress?.port ?? address.port)
        return SandboxListener(channel: channel, children: children, address: bound)
    }

    /// Stops listening and cuts the connections.
    func close() async {
        // Closing can only fail because it is closed already.
        try? await channel.close().get()
        children.closeAll()
    }

    /// A decoder with limits above HSS's own, so that the stand-in answers 494 before the parser closes the connection.
    private static func decoder() -> HTTPRequestDecoder {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 1_024 * 1_024
        limits.maxHeaderFieldCount = 4_096
        return HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
    }
}
