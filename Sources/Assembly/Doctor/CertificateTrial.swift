import Codecs
import Crypto
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// Fetches the certificates of a server, trusted or not. Nothing is sent except a handshake, which ends when they have arrived: `UpstreamTrial`
/// checks whether they are trusted.
struct CertificateTrial: Sendable {
    /// One certificate of the chain as the server sends it, its own first.
    struct Shown: Sendable {
        let subject: String
        let issuer: String
        /// When it expires, seconds since 1970.
        let end: Int64
        /// In libcurl's form, as `upstream.pinned_public_key` takes it.
        let pin: String?
    }

    /// Connecting, a proxy's answer and the handshake together.
    private static let patience = TimeAmount.seconds(10)

    /// The chain; nil when the answer is not TLS.
    /// - Parameters:
    ///   - name: the server's, for SNI.
    ///   - proxy: the proxy to connect to for a tunnel.
    static func run(name: String, port: Int, through proxy: TunnelProxy?) async -> [Shown]? {
        let holder = Holder()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        guard let context = try? NIOSSLContext(configuration: tls) else { return nil }
        // SNI allows names only.
        let host = HostAddress(text: name) == nil ? name : nil
        let connecting = ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if let proxy { try channel.pipeline.syncOperations.addHandler(TunnelHandler(to: name, port, authorization: proxy.authorization)) }
                let look: NIOSSLCustomVerificationCallback = { certificates, promise in
                    holder.keep(certificates)
                    promise.succeed(NIOSSLVerificationResult.failed)
                }
                let handler = try NIOSSLClientHandler(context: context, serverHostname: host, customVerificationCallback: look)
                try channel.pipeline.syncOperations.addHandler(handler)
                try channel.pipeline.syncOperations.addHandler(EndHandler())
            }
        }.connect(host: proxy?.host ?? name, port: proxy?.port ?? port)
        guard let channel = try? await connecting.get() else { return nil }
        let limit = loop.scheduleTask(in: patience) { channel.close(promise: nil) }
        try? await channel.closeFuture.get()
        limit.cancel()
        let chain = holder.certificates
        return chain.isEmpty ? nil : chain.map(Self.shown)
    }

    private static func shown(_ certificate: NIOSSLCertificate) -> Shown {
        let parsed = (try? certificate.toDERBytes()).flatMap { try? Certificate(derEncoded: $0) }
        let pin = (try? certificate.extractPublicKey().toSPKIBytes()).map { Base64.encode(Array(SHA256.hash(data: $0))) }
        return Shown(
            subject: parsed.map { "\($0.subject)" } ?? "?", issuer: parsed.map { "\($0.issuer)" } ?? "?", end: Int64(certificate.notValidAfter),
            pin: pin.map { "sha256//\($0)" })
    }

    /// Passes the chain from the event loop to the waiting task.
    private final class Holder: Sendable {
        private let kept = Mutex<[NIOSSLCertificate]>([])

        func keep(_ certificates: [NIOSSLCertificate]) { kept.withLock { $0 = certificates } }
        var certificates: [NIOSSLCertificate] { kept.withLock { $0 } }
    }
}

/// A proxy that speaks HTTP without TLS, with the data that a tunnel needs.
struct TunnelProxy: Sendable {
    let host: String
    let port: Int
    /// The value of `Proxy-Authorization`, a secret.
    let authorization: String?
}

/// Ends a connection with its first error.
private final class EndHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Requests a tunnel from an HTTP proxy (RFC 9110 section 9.3.6) before any other data, and removes itself when it is established.
private final class TunnelHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let largestHead = 16 << 10
    private let request: String
    private var head: [UInt8] = []

    init(to host: String, _ port: Int, authorization: String?) {
        let target = (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
        let proof = authorization.map { "Proxy-Authorization: \($0)\r\n" } ?? ""
        request = "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\(proof)\r\n"
    }

    /// TLS begins when `channelActive` arrives, which is passed on only once the tunnel is established.
    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += unwrapInboundIn(data).readableBytesView
        let end = Array("\r\n\r\n".utf8)
        guard let range = head.firstRange(of: end) else {
            if head.count > Self.largestHead { context.close(promise: nil) }
            return
        }
        let line = String(decoding: head.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        guard line.hasPrefix("HTTP/1."), line.split(separator: " ").dropFirst().first?.first == "2" else { return context.close(promise: nil) }
        context.fireChannelActive()
        let rest = Array(head[range.upperBound...])
        if !rest.isEmpty { context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: rest))) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
