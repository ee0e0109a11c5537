import NIOCore
import NIOPosix

@testable import Transport

/// A transport on an event loop of its own, for one test.
final class TransportRig: Sendable {
    let eventLoop: any EventLoop
    private let group: MultiThreadedEventLoopGroup
    private let transport: NIOLoopBoundBox<HTTPTransport?>

    /// Runs a test with a transport and always shuts it down.
    static func run<Result: Sendable>(
        _ configuration: TransportConfiguration = TransportConfiguration(),
        readiness: ReadinessKind = .automatic,
        _ body: (TransportRig) async throws -> Result
    ) async throws -> Result {
        let rig = try await TransportRig(configuration, readiness)
        do {
            let result = try await body(rig)
            try await rig.shutdown()
            return result
        } catch {
            try await rig.shutdown()
            throw error
        }
    }

    private init(_ configuration: TransportConfiguration, _ readiness: ReadinessKind) async throws {
        let configuration = Self.patient(configuration)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        self.eventLoop = eventLoop
        do {
            transport = try await eventLoop.submit {
                NIOLoopBoundBox(
                    try HTTPTransport(configuration: configuration, eventLoop: eventLoop, readiness: readiness), eventLoop: eventLoop)
            }.get()
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    /// Only tests of the timeout itself use one that a busy machine could reach.
    private static func patient(_ configuration: TransportConfiguration) -> TransportConfiguration {
        var patient = configuration
        if patient.connectTimeout == TransportConfiguration().connectTimeout { patient.connectTimeout = .seconds(120) }
        return patient
    }

    private func shutdown() async throws {
        try await eventLoop.flatSubmit { [self] in
            let future = transport.value?.shutdown()
            return future ?? eventLoop.makeSucceededVoidFuture()
        }.get()
        try await eventLoop.submit { [self] in transport.value = nil }.get()
        try await group.shutdownGracefully()
    }

    /// Sends a request and waits for its end.
    func send(_ request: OutboundRequest) async throws -> Exchange {
        try await start(request) { _, _, _ in }
    }

    /// Sends a request without keeping the body, and lets the test configure the delegate and act on the
    /// transfer.
    func start(
        _ request: OutboundRequest,
        keepsBody: Bool = true,
        _ arrange: @escaping @Sendable (HTTPTransport, RecordingDelegate, TransferBox) -> Void
    ) async throws -> Exchange {
        try await eventLoop.flatSubmit { [self] in
            let promise = eventLoop.makePromise(of: Exchange.self)
            guard let transport = transport.value else { preconditionFailure("the rig is gone") }
            let delegate = RecordingDelegate(promise, keepsBody: keepsBody)
            let box = TransferBox()
            arrange(transport, delegate, box)
            let callsBefore = delegate.calls
            box.transfer = transport.send(request, to: delegate)
            precondition(delegate.calls == callsBefore, "a delegate was called from inside send")
            return promise.futureResult
        }.get()
    }

    /// Runs something with the transport on its loop.
    func onLoop<Result: Sendable>(_ body: @escaping @Sendable (HTTPTransport) throws -> Result) async throws -> Result {
        try await eventLoop.submit { [self] in
            guard let transport = transport.value else { preconditionFailure("the rig is gone") }
            return try body(transport)
        }.get()
    }
}

/// Gives a delegate's closures access to their transfer.
final class TransferBox {
    var transfer: Transfer?
}

extension OutboundRequest {
    /// A request to a loopback upstream.
    static func to(
        _ upstream: String,
        method: String = "GET",
        target: String = "/",
        fields: [HeaderField] = [],
        body: String? = nil,
        isReplayable: Bool = false
    ) throws -> OutboundRequest {
        OutboundRequest(
            origin: try Origin(url: upstream),
            method: method,
            target: Array(target.utf8),
            fields: OutboundFields(fields),
            body: body.map { ByteBuffer(string: $0) },
            isReplayable: isReplayable
        )
    }
}
