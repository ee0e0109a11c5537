import Codecs
package import Credentials
import NIOCore
import NIOPosix
import Synchronization
import Transport

/// Calls a gateway as one of its callers, over libcurl.
package final class GatewayClient: Sendable {
    /// Whether the user has pressed Ctrl-C.
    package enum Interruption {
        private static let flag = Atomic<Bool>(false)

        package static var isWanted: Bool { flag.load(ordering: .relaxed) }

        /// Called from a signal handler: one atomic store, no lock.
        package static func want() { flag.store(true, ordering: .relaxed) }
    }

    /// An answer whose body was kept.
    package struct Answer: Sendable {
        package let status: Int
        package let auditID: String?
        package let retryAfter: Int?
        package let isReplayed: Bool
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Why no answer came.
    package enum Fault: Error {
        /// The reason, as the end of a sentence.
        case unreachable(String)
        /// The user interrupted the call.
        case interrupted
        /// The sink can't take more of the body.
        case notTaken
    }

    /// Takes pieces of a good answer's body; false when no more can be taken. Called on the client's event loop.
    package typealias Sink = @Sendable (UnsafeRawBufferPointer) -> Bool

    private let transport: NIOLoopBoundBox<HTTPTransport>
    private let loop: any EventLoop
    private let origin: Origin
    private let fields: OutboundFields

    /// Largest body that is kept, bytes; the whole description of the API has 0.6 MB.
    private static let largestBody = 4 << 20
    /// How often a call checks for an interruption.
    private static let slice = TimeAmount.milliseconds(50)

    /// - Parameters:
    ///   - gateway: `http://host:port`, the scheme is optional.
    ///   - key: an API key or a token; sent as a bearer token.
    package init(gateway: String, key: Secret?, certificateAuthorities: String?) async throws(Failure) {
        do {
            origin = try Origin(url: gateway.contains("://") ? gateway : "http://\(gateway)")
        } catch {
            throw Failure(.usage, "--gateway \(gateway) is no address such as http://127.0.0.1:8080.")
        }
        var fields = OutboundFields([
            HeaderField("Accept", "application/json, */*;q=0.1"), HeaderField("User-Agent", "hss-gateway/\(Build.version) client"),
        ])
        if let key {
            var line: [UInt8] = []
            key.appendAuthorization(to: &line)
            fields.append("Authorization", String(decoding: line.dropFirst(Self.fieldName.utf8.count).dropLast(2), as: UTF8.self))
        }
        self.fields = fields
        var configuration = TransportConfiguration()
        configuration.connectTimeout = .seconds(10)
        configuration.firstByteTimeout = .seconds(120)
        configuration.totalTimeout = .seconds(86_400)
        configuration.certificateAuthorityFile = certificateAuthorities
        loop = MultiThreadedEventLoopGroup.singleton.next()
        let (loop, settings) = (loop, configuration)
        do {
            transport = try await loop.submit { NIOLoopBoundBox(try HTTPTransport(configuration: settings, eventLoop: loop), eventLoop: loop) }.get()
        } catch {
            throw Failure(.usage, "The client can't be set up; --ca-file must name readable certificates.")
        }
    }

    private static let fieldName = "Authorization: "

    /// Ends all calls under way, and returns when the connections are closed.
    package func stop() async {
        let transport = transport
        try? await loop.flatSubmit { transport.value.shutdown() }.get()
    }

    /// - Parameters:
    ///   - sink: takes the body of an answer with 200; others are kept.
    ///   - isStopped: called repeatedly during the call.
    package func call(
        _ method: String, _ target: String, fields more: [(name: String, value: String)] = [], body: [UInt8]? = nil, sink: Sink? = nil,
        isStopped: @escaping @Sendable () -> Bool
    ) async throws(Fault) -> Answer {
        var fields = fields
        for field in more { fields.append(field.name, field.value) }
        let request = OutboundRequest(
            origin: origin, method: method, target: Array(target.utf8), fields: fields, body: body.map { ByteBuffer(bytes: $0) },
            isReplayable: method == "GET")
        let (transport, loop) = (transport, loop)
        let promise = loop.makePromise(of: Answer.self)
        loop.execute {
            let reader = AnswerReader(promise, from: request.origin, sink: sink, limit: Self.largestBody)
            transport.value = transport.value.successor()
            reader.transfer = transport.value.send(request, to: reader)
            let bound = NIOLoopBound(reader, eventLoop: loop)
            let watch = loop.scheduleRepeatedTask(initialDelay: Self.slice, delay: Self.slice) { _ in
                if isStopped() { bound.value.end(.interrupted) }
            }
            promise.futureResult.whenComplete { _ in watch.cancel() }
        }
        do {
            return try await promise.futureResult.get()
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .unreachable(TransportError.shutDown.callersSentence(of: origin))
        }
    }
}

/// Collects one answer or passes it to the sink; lives until the transfer has ended.
private final class AnswerReader: TransferDelegate {
    private let promise: EventLoopPromise<GatewayClient.Answer>
    private let origin: Origin
    private let sink: GatewayClient.Sink?
    private let limit: Int
    private var head: ResponseHead?
    private var body: [UInt8] = []
    var transfer: Transfer?

    init(_ promise: EventLoopPromise<GatewayClient.Answer>, from origin: Origin, sink: GatewayClient.Sink?, limit: Int) {
        self.promise = promise
        self.origin = origin
        self.sink = sink
        self.limit = limit
    }

    /// A cancelled transfer makes no further callbacks.
    func end(_ fault: GatewayClient.Fault) {
        guard let transfer else { return }
        transfer.cancel()
        self.transfer = nil
        promise.fail(fault)
    }

    func head(_ head: ResponseHead) { self.head = head }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        if let sink, head?.status == 200 {
            if !sink(bytes) { end(.notTaken) }
        } else {
            body.append(contentsOf: bytes.prefix(limit - body.count))
        }
        return .continue
    }

    func finished(_ summary: TransferSummary) {
        guard transfer != nil else { return }
        transfer = nil
        let wait = RetryAfter.seconds(
            head?.fields.first(named: "retry-after"), date: head?.fields.first(named: "date"), now: MonotonicClock.wall().components.seconds)
        promise.succeed(
            GatewayClient.Answer(
                status: head?.status ?? 0, auditID: head?.fields.first(named: "audit-id"), retryAfter: wait.map { Int($0) },
                isReplayed: head?.fields.first(named: "idempotency-replayed") == "true", body: body))
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        guard transfer != nil else { return }
        transfer = nil
        promise.fail(GatewayClient.Fault.unreachable(error.callersSentence(of: origin)))
    }
}

extension TransportError {
    /// For users of a command, who may not know which address was asked: `HSSGW_GATEWAY` or the default may have named it.
    fileprivate func callersSentence(of origin: Origin) -> String {
        let gateway = "\(origin.scheme.rawValue)://\(origin.hostField)"
        return switch self {
        case .couldNotResolve: "the name in \(gateway) can't be resolved"
        case .couldNotConnect, .addressRefused, .proxy: "nobody answers at \(gateway)"
        case .tls: "TLS can't be agreed on with \(gateway), or its certificate isn't trusted"
        case .timedOut: "\(gateway) doesn't answer in time"
        case .connectionLost: "the connection broke before the answer was whole"
        default: "what answers at \(gateway) doesn't speak HTTP as a gateway does"
        }
    }
}
