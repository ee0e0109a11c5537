import Audit
import Codecs
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
internal import Transport

/// A connection to a syslog server, used by one thread, which it blocks for at most `patience` a write.
final class SyslogConnection {
    /// The timeout for connecting.
    private static let connectPatience = TimeAmount.seconds(5)
    /// The timeout of one write.
    private static let writePatience = Duration.seconds(20)
    /// How often a write checks the stop signal.
    private static let slice = TimeAmount.milliseconds(100)

    private let channel: any Channel
    /// Each datagram is a message; in a stream each message is preceded by its length (RFC 6587 section 3.4.1, RFC 5425 section
    /// 4.3).
    private let isStream: Bool
    private let remote: SocketAddress?
    private let stop: StopSignal

    init(_ address: SyslogAddress, tls: TLSConfiguration?, stop: StopSignal) throws(SinkFailure) {
        self.stop = stop
        // The shared event loops: creating one fails when descriptors have run out, and NIO then ends the process.
        let group = MultiThreadedEventLoopGroup.singleton
        let handshake = group.next().makePromise(of: Void.self)
        do {
            switch address {
            case .tls(let host, let port):
                let context = try NIOSSLContext(configuration: tls ?? .makeClientConfiguration())
                channel = try Self.bootstrap(group).channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AddressGuard())
                        try channel.pipeline.syncOperations.addHandler(Self.handler(context, host))
                        try channel.pipeline.syncOperations.addHandler(HandshakeWatch(handshake))
                    }
                }.connect(host: host, port: port).wait()
                let silent = channel
                let limit = channel.eventLoop.scheduleTask(in: Self.connectPatience) { silent.close(promise: nil) }
                defer { limit.cancel() }
                do {
                    try handshake.futureResult.wait()
                } catch {
                    silent.close(promise: nil)
                    throw error
                }
                (isStream, remote) = (true, nil)
            case .tcp(let host, let port):
                channel = try Self.bootstrap(group).channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AddressGuard()) }
                }.connect(host: host, port: port).wait()
                (isStream, remote) = (true, nil)
            case .udp(let host, let port):
                let to = try SocketAddress.makeAddressResolvingHost(host, port: port)
                guard AddressGuard.allows(to) else { throw AddressGuard.Refused() }
                let any = try SocketAddress(ipAddress: to.protocol == .inet6 ? "::" : "0.0.0.0", port: 0)
                channel = try DatagramBootstrap(group: group).bind(to: any).wait()
                (isStream, remote) = (false, to)
            case .unix(let path):
                channel = try Self.bootstrap(group).connect(unixDomainSocketPath: path).wait()
                (isStream, remote) = (true, nil)
            }
            handshake.succeed()
        } catch {
            handshake.fail(error)
            if (error as? IOError)?.errnoCode == EPROTOTYPE {
                throw SinkFailure("the socket takes datagrams, and records are sent as a stream: name one that takes streams")
            }
            if AddressGuard.isReason(for: error) { throw SinkFailure("the server's name leads to an address of this link, or to a reserved one") }
            throw SinkFailure(
                error is NIOSSLError || error is NIOSSLExtraError ? "TLS can't be agreed on, or the certificate isn't trusted" : "can't connect")
        }
    }

    /// Whether the other side has not closed it, as far as is known.
    var isOpen: Bool { channel.isActive }

    func close() {
        try? channel.close().wait()
    }

    /// Writes messages; returns when the kernel has accepted them. A connection closed by the other side is
    /// noticed before and after.
    func write(_ messages: [[UInt8]]) throws(SinkFailure) {
        guard channel.isActive else { throw SinkFailure("the server closed the connection") }
        do {
            if isStream {
                var buffer = channel.allocator.buffer(capacity: messages.reduce(0) { $0 + $1.count + 8 })
                for message in messages {
                    buffer.writeString("\(message.count) ")
                    buffer.writeBytes(message)
                }
                try bounded { channel.writeAndFlush(buffer) }
            } else if let remote {
                for message in messages {
                    let buffer = channel.allocator.buffer(bytes: message)
                    try bounded { channel.writeAndFlush(AddressedEnvelope(remoteAddress: remote, data: buffer)) }
                }
            }
        } catch {
            throw SinkFailure("the connection was lost, or the server takes nothing")
        }
        guard channel.isActive else { throw SinkFailure("the server closed the connection") }
    }

    private func bounded(_ write: () -> EventLoopFuture<Void>) throws {
        let channel = channel
        let stop = stop
        let end = StopSignal.uptime() + Self.writePatience.wholeNanoseconds
        let watch = channel.eventLoop.scheduleRepeatedTask(initialDelay: Self.slice, delay: Self.slice) { _ in
            if stop.isOver || StopSignal.uptime() > end { channel.close(promise: nil) }
        }
        defer { watch.cancel() }
        try write().wait()
    }

    private static func bootstrap(_ group: MultiThreadedEventLoopGroup) -> ClientBootstrap {
        ClientBootstrap(group: group).connectTimeout(connectPatience).channelOption(.socketOption(.so_keepalive), value: 1)
    }

    /// SNI allows names only; an address is compared with the certificate's addresses.
    private static func handler(_ context: NIOSSLContext, _ host: String) throws -> NIOSSLClientHandler {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}

/// Fulfils a promise when the TLS handshake has ended, or failed.
private final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Completed once; later events change nothing.
    private let promise: EventLoopPromise<Void>

    init(_ promise: EventLoopPromise<Void>) {
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted = event as? TLSUserEvent {
            promise.succeed()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}

/// Refuses to connect to an address of this link, where metadata services are, whatever a name resolves to. As everywhere, private addresses are
/// allowed for a server that the operator configured.
private final class AddressGuard: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    struct Refused: Error {}

    private static let rule = AddressRule.guarded(privateHosts: .all)

    static func allows(_ address: SocketAddress) -> Bool {
        // A Unix socket has none.
        guard let text = address.ipAddress else { return true }
        let (family, length) = address.protocol == .inet6 ? (AF_INET6, 16) : (AF_INET, 4)
        var bytes = [UInt8](repeating: 0, count: length)
        return inet_pton(family, text, &bytes) == 1 && rule.allows(bytes, for: "")
    }

    /// Whether it is why nothing was connected to. A name has several addresses, which are all tried.
    static func isReason(for error: any Error) -> Bool {
        guard let failure = error as? NIOConnectionError else { return error is Refused }
        return failure.connectionErrors.contains { $0.error is Refused }
    }

    func connect(context: ChannelHandlerContext, to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        guard Self.allows(address) else {
            promise?.fail(Refused())
            return context.close(promise: nil)
        }
        context.connect(to: address, promise: promise)
    }
}
