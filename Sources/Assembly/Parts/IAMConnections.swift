import Credentials
import NIOCore
import Transport

/// The two transports to identity services. Confined to the loop.
final class IAMConnections {
    /// Longest waits; IAM usually answers in tenths of a second.
    private static let cloudPatience = (connect: Duration.seconds(3), firstByte: Duration.seconds(8), total: Duration.seconds(12))
    /// The timeout that the SDKs use for the metadata service.
    private static let machinePatience = (connect: Duration.seconds(3), firstByte: Duration.seconds(3), total: Duration.seconds(6))

    /// How many transports of earlier configurations may still be in use; repeated reloads can't accumulate more.
    private static let mostRetired = 8

    private var upstream: TransportConfiguration
    private var cloud: HTTPTransport?
    private var machine: HTTPTransport?
    /// Transports of earlier configurations with calls under way: for the `total` timeout at most.
    private var retired: [HTTPTransport] = []
    private var isClosed = false

    /// Whether the cloud must have the key `pinnedPublicKey`.
    private let isPinned: Bool

    init(_ upstream: TransportConfiguration, isPinned: Bool) {
        self.upstream = upstream
        self.isPinned = isPinned
    }

    /// Creates new transports for later calls, unless their configuration is unchanged.
    func follow(_ upstream: TransportConfiguration) {
        closeIdle()
        let (old, new) = (self.upstream, upstream)
        self.upstream = new
        let isSameTrust = old.certificateAuthorityFile == new.certificateAuthorityFile && old.certificateAuthorities == new.certificateAuthorities
        guard !isSameTrust || old.addresses != new.addresses || (old.proxy, old.noProxy) != (new.proxy, new.noProxy) else { return }
        retired += [cloud, machine].compactMap(\.self)
        (cloud, machine) = (nil, nil)
        closeIdle()
        // Calls that are cut off by this are repeated by their callers.
        while retired.count > Self.mostRetired { _ = retired.removeFirst().shutdown() }
    }

    private func closeIdle() {
        retired.removeAll { transport in
            guard transport.isIdle else { return false }
            _ = transport.shutdown()
            return true
        }
    }

    func send(_ request: IAMRequest, to transfer: IAMTransfer, userAgent: String, loop: any EventLoop) {
        closeIdle()
        guard !isClosed, let transport = transport(for: request.reach, loop) else { return transfer.end(.failure(.unreachable)) }
        let origin: Origin
        do throws(Origin.Invalid) {
            origin = try Origin(url: request.endpoint.url)
        } catch {
            return transfer.end(.failure(.unreachable))
        }
        var fields = OutboundFields()
        fields.append("User-Agent", userAgent)
        fields.append("Accept", "application/json")
        request.forEachField { name, value in fields.append(name, UnsafeRawBufferPointer(value)) }
        let body = request.withBody { ByteBuffer(bytes: $0) } ?? (request.method == "PUT" ? ByteBuffer() : nil)
        // Never repeated by the transport: an attempt with a password counts.
        _ = transport.send(
            OutboundRequest(origin: origin, method: request.method, target: Array(request.target.utf8), fields: fields, body: body), to: transfer)
    }

    func close(on loop: any EventLoop) -> EventLoopFuture<Void> {
        isClosed = true
        return EventLoopFuture.andAllComplete(([cloud, machine].compactMap(\.self) + retired).map { $0.shutdown() }, on: loop)
    }

    private func transport(for reach: IAMRequest.Reach, _ loop: any EventLoop) -> HTTPTransport? {
        switch reach {
        case .cloud:
            if cloud == nil {
                cloud = make(Self.cloudPatience, loop) {
                    ($0.proxy, $0.noProxy, $0.addresses) = (upstream.proxy, upstream.noProxy, upstream.addresses)
                    $0.pinnedPublicKey = isPinned ? upstream.pinnedPublicKey : nil
                }
            }
            return cloud
        case .machine:
            if machine == nil { machine = make(Self.machinePatience, loop) { _ in } }
            return machine
        }
    }

    private func make(
        _ patience: (connect: Duration, firstByte: Duration, total: Duration), _ loop: any EventLoop,
        _ change: (inout TransportConfiguration) -> Void
    ) -> HTTPTransport? {
        var configuration = TransportConfiguration()
        configuration.certificateAuthorityFile = upstream.certificateAuthorityFile
        configuration.certificateAuthorities = upstream.certificateAuthorities
        configuration.http2 = .off
        configuration.connections = 4
        (configuration.connectTimeout, configuration.firstByteTimeout) = (patience.connect, patience.firstByte)
        (configuration.idleTimeout, configuration.totalTimeout) = (patience.firstByte, patience.total)
        change(&configuration)
        return try? HTTPTransport(configuration: configuration, eventLoop: loop)
    }
}
