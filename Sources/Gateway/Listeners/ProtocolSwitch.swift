import NIOCore
import NIOTLS

/// Decides, once for each connection, whether it speaks HTTP/1.1 or HTTP/2, and then removes itself: by what TLS negotiated (ALPN, RFC
/// 7301), or without TLS by the preface, which no request of HTTP/1.1 begins with (RFC 9113 section 3.4).
///
/// Until then the connection's handler, which is next in the pipeline, enforces the deadline: a connection that doesn't send the whole
/// preface ends like one whose head takes too long.
final class ProtocolSwitch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let isTLS: Bool
    private let connection: ConnectionHandler
    private var received: ByteBuffer?
    private var isDecided = false

    init(isTLS: Bool, connection: ConnectionHandler) {
        self.isTLS = isTLS
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDecided else { return context.fireChannelRead(data) }
        let bytes = unwrapInboundIn(data)
        if received == nil { received = bytes } else { received?.writeImmutableBuffer(bytes) }
        // With TLS the protocol is negotiated before the first byte.
        guard !isTLS, let received else { return }
        let begin = received.readableBytesView.prefix(Self.preface.count)
        if begin.count == Self.preface.count, begin.elementsEqual(Self.preface) {
            decide(forHTTP2: true, context)
        } else if !begin.elementsEqual(Self.preface.prefix(begin.count)) {
            decide(forHTTP2: false, context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let agreed)? = event as? TLSUserEvent, !isDecided {
            learnCertificate(context)
            connection.handshakeDidEnd()
            decide(forHTTP2: agreed == "h2", context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func learnCertificate(_ context: ChannelHandlerContext) {
        guard let certificate = ListenerTLS.clientCertificate(on: context.channel) else { return }
        connection.origin.learn(certificateNames: certificate.names, end: certificate.end)
    }

    private func decide(forHTTP2: Bool, _ context: ChannelHandlerContext) {
        isDecided = true
        do {
            // One that isn't idle has been refused already, and ends soon: nothing that comes on it is read.
            if !forHTTP2 {
                connection.protocolIsKnown()
            } else if connection.isIdle {
                try StreamConnection.takeOver(from: connection, behind: self, in: context)
            }
        } catch {
            context.close(promise: nil)
            return
        }
        if let received, received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
        received = nil
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}

/// Stands in front of the TLS handler until the first byte arrives, which starts the handshake's time limit: that of a head.
final class HandshakeStart: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ConnectionHandler

    init(_ connection: ConnectionHandler) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.handshakeDidBegin()
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
