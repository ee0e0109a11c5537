import Credentials
import NIOCore
import NIOPosix
import Transport

/// Sends requests to identity services with libcurl, on an event loop of its own: a slow IAM never stands in the way of a worker.
///
/// It holds two transports, both confined to that loop: one for the cloud, through the proxy where there is one, and one for services of
/// this machine, which no proxy may see.
final class IdentityTransport: IdentityExchange {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let lines: NIOLoopBound<IdentityLines>
    private let loop: any EventLoop
    private let userAgent: String

    /// - Parameter upstream: how HSS is reached; the trust in certificates and the proxy are the same for IAM.
    init(upstream: TransportConfiguration, userAgent: String) {
        loop = group.next()
        self.userAgent = userAgent
        lines = NIOLoopBound.makeSendable(IdentityLines(upstream), on: loop)
    }

    func send(_ request: IdentityRequest) async throws(IdentityExchangeFault) -> IdentityResponse {
        let result = await withCheckedContinuation { continuation in
            loop.execute { [lines, loop, userAgent] in
                let transfer = IdentityTransfer { continuation.resume(returning: $0) }
                lines.value.send(request, to: transfer, userAgent: userAgent, loop: loop)
            }
        }
        return try result.get()
    }

    /// Fails what is under way and ends the thread.
    func stop() async {
        try? await loop.flatSubmit { [lines, loop] in lines.value.close(on: loop) }.get()
        try? await group.shutdownGracefully()
    }
}

extension NIOLoopBound where Value == IdentityLines {
    /// Wraps a value that was made for the loop and that nobody else holds.
    fileprivate static func makeSendable(_ value: sending IdentityLines, on loop: any EventLoop) -> NIOLoopBound<IdentityLines> {
        let box = NIOLoopBoundBox.makeBoxSendingValue(value, eventLoop: loop)
        return (try? loop.submit { NIOLoopBound(box.value, eventLoop: loop) }.wait()) ?? { preconditionFailure("a loop that was just made runs") }()
    }
}

/// The two ways to identity services. Confined to the loop.
final class IdentityLines {
    /// Longest waits; IAM usually answers in tenths of a second.
    private static let cloudPatience = (connect: Duration.seconds(3), firstByte: Duration.seconds(8), total: Duration.seconds(12))
    /// What the SDKs grant the metadata service.
    private static let machinePatience = (connect: Duration.seconds(3), firstByte: Duration.seconds(3), total: Duration.seconds(6))

    private let upstream: TransportConfiguration
    private var cloud: HTTPTransport?
    private var machine: HTTPTransport?
    private var isClosed = false

    init(_ upstream: TransportConfiguration) {
        self.upstream = upstream
    }

    func send(_ request: IdentityRequest, to transfer: IdentityTransfer, userAgent: String, loop: any EventLoop) {
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
        // Never sent twice by itself: an attempt with a password counts.
        _ = transport.send(
            OutboundRequest(origin: origin, method: request.method, target: Array(request.target.utf8), fields: fields, body: body), to: transfer)
    }

    func close(on loop: any EventLoop) -> EventLoopFuture<Void> {
        isClosed = true
        return EventLoopFuture.andAllComplete([cloud, machine].compactMap { $0?.shutdown() }, on: loop)
    }

    private func transport(for reach: IdentityRequest.Reach, _ loop: any EventLoop) -> HTTPTransport? {
        switch reach {
        case .cloud:
            if cloud == nil { cloud = make(Self.cloudPatience, loop) { ($0.proxy, $0.noProxy) = (upstream.proxy, upstream.noProxy) } }
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
        configuration.http2 = .off
        configuration.connections = 4
        (configuration.connectTimeout, configuration.firstByteTimeout) = (patience.connect, patience.firstByte)
        (configuration.idleTimeout, configuration.totalTimeout) = (patience.firstByte, patience.total)
        change(&configuration)
        return try? HTTPTransport(configuration: configuration, eventLoop: loop)
    }
}

/// One answer as it comes in, up to its bound.
final class IdentityTransfer: TransferDelegate {
    private var done: ((Result<IdentityResponse, IdentityExchangeFault>) -> Void)?
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(_ done: @escaping (Result<IdentityResponse, IdentityExchangeFault>) -> Void) {
        self.done = done
        // Made at once, so that growing leaves no copies of keys behind.
        body.reserveCapacity(16 << 10)
    }

    func head(_ head: ResponseHead) { self.head = head }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        guard body.count + bytes.count <= IdentityResponse.largestBody else {
            isTooLarge = true
            return .continue
        }
        body.append(contentsOf: bytes)
        return .continue
    }

    func finished(_ summary: TransferSummary) {
        guard let head, !isTooLarge else { return end(.failure(.broken)) }
        let fields = head.fields
        end(
            .success(
                IdentityResponse(
                    status: head.status, subjectToken: fields.secret(named: "X-Subject-Token"), date: fields.first(named: "Date"),
                    retryAfter: fields.first(named: "Retry-After"), body: Secret(taking: &body)
                )))
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        switch error {
        case .couldNotResolve, .couldNotConnect, .proxy, .timedOut(.connect), .overloaded, .shutDown, .resources, .configuration:
            end(.failure(.unreachable))
        case .tls: end(.failure(.untrusted))
        case .timedOut: end(.failure(.timedOut))
        case .connectionLost, .protocolViolation, .headersTooLarge, .responseTooManyHeaders, .invalidRequest: end(.failure(.broken))
        }
    }

    func end(_ result: Result<IdentityResponse, IdentityExchangeFault>) {
        done?(result)
        done = nil
    }
}

extension HeaderBlock {
    /// A field's value that must not become a text.
    fileprivate func secret(named name: StaticString) -> Secret? {
        indices.first { isNamed(name, at: $0) }.map { withBytes(at: $0) { _, value in Secret(copying: value) } }
    }
}
