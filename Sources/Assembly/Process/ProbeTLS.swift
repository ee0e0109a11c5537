import NIOCore
import NIOPosix
import NIOSSL
import Settings

/// How `health` and `doctor` speak TLS to an admin port.
package struct ProbeTLS: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?
    /// The only certificate that is accepted, whatever its name and authority.
    private let expected: NIOSSLCertificate?

    /// - Parameter authorityFile: the authorities that the port's certificate must come from; nil for the
    ///   system's authorities.
    /// - Parameter client: files with the certificate and the key to show.
    /// - Parameter serverName: the name in the port's certificate; nil for the address of the port.
    package init(authorityFile: String?, client: (certificate: String, key: String)?, serverName: String?) throws(Failure) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorityFile { configuration.trustRoots = .certificates(try Self.certificates(authorityFile)) }
        if let client {
            configuration.certificateChain = try Self.certificates(client.certificate).map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: client.key, format: .pem))
            } catch {
                throw Failure(.usage, "\(client.key) holds no private key in PEM form that can be read without a passphrase.")
            }
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(.usage, "The private key doesn't belong to the certificate that the probe should show.")
        }
        self.serverName = serverName
        expected = nil
    }

    /// For a port whose certificate file is available: no other certificate is accepted.
    ///
    /// - Parameter certificateFile: PEM, the leaf first.
    package init(showing certificateFile: String) throws(Failure) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        expected = try Self.certificates(certificateFile).first
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(.runtime, "TLS can't be set up.")
        }
        serverName = nil
    }

    private func handler() throws -> NIOSSLClientHandler {
        // Without a name the certificate must contain the address itself.
        guard let expected else { return try NIOSSLClientHandler(context: context, serverHostname: serverName) }
        return try NIOSSLClientHandler(context: context, serverHostname: nil) { chain, verdict in
            verdict.succeed(chain.first == expected ? .certificateVerified : .failed)
        }
    }

    private static func certificates(_ path: String) throws(Failure) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
            throw Failure(.usage, "\(path) holds no certificates in PEM form.")
        }
        return certificates
    }

    /// Sends bytes and collects the answer until the other side closes, the timeout is over, or the answer reaches its limit.
    func exchange(_ request: [UInt8], with address: ListenAddress, _ patienceSeconds: Int) throws(Failure) -> [UInt8] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: [UInt8].self)
        let patience = TimeAmount.seconds(Int64(patienceSeconds))
        let connected = ClientBootstrap(group: loop).connectTimeout(patience)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(handler())
                    try channel.pipeline.syncOperations.addHandler(Answer(answer))
                }
            }
            .connect(host: address.host.description, port: address.port)
        connected.whenSuccess { channel in
            channel.writeAndFlush(ByteBuffer(bytes: request), promise: nil)
            let end = channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in end.cancel() }
        }
        connected.cascadeFailure(to: answer)
        do {
            return try answer.futureResult.wait()
        } catch let fault as NIOSSLError {
            if case .handshakeFailed = fault {
                throw Failure(
                    .runtime,
                    expected == nil
                        ? "\(address) and the probe can't agree on TLS: look at --ca-file and the client certificate."
                        : "\(address) shows another certificate than admin.tls.certificate_file holds, or none.")
            }
            throw Failure(.runtime, "The certificate of \(address) is not for the name that was asked for: look at --server-name.")
        } catch {
            throw Failure(.runtime, "Nobody answers at \(address).")
        }
    }

    /// The server's answer.
    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let promise: EventLoopPromise<[UInt8]>
        private var bytes: [UInt8] = []
        private var fault: NIOSSLError?

        init(_ promise: EventLoopPromise<[UInt8]>) {
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += Array(unwrapInboundIn(data).readableBytesView)
            if bytes.count >= ProbeClient.largestAnswer { context.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            fault = fault ?? error as? NIOSSLError
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            if let fault, bytes.isEmpty { promise.fail(fault) } else { promise.succeed(bytes) }
            context.fireChannelInactive()
        }
    }
}
