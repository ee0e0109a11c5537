import Credentials
import Glibc
import NIOCore
import NIOPosix
import Transport

/// One GET without credentials over the transport that requests use, with the same proxy, TLS and trust.
struct UpstreamTrial: Sendable {
    /// The result.
    struct Answer: Sendable {
        /// How far the other clock is ahead of this machine's, seconds; nil if the answer had no readable `Date`.
        let offset: Int64?
        /// The largest possible error of the offset: `Date` has whole seconds, and the answer was some time
        /// on the way.
        let uncertainty: Int64
    }

    private static let totalPatience = Duration.seconds(15)
    private static let answerPatience = Duration.seconds(10)

    static func run(_ origin: Origin, _ configuration: TransportConfiguration) async -> Result<Answer, TransportError> {
        var configuration = configuration
        configuration.connections = 1
        configuration.totalTimeout = totalPatience
        configuration.firstByteTimeout = min(configuration.firstByteTimeout, answerPatience)
        configuration.idleTimeout = min(configuration.idleTimeout, answerPatience)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return await withCheckedContinuation { continuation in
            loop.execute { [configuration] in
                do throws(TransportError) {
                    let transport = try HTTPTransport(configuration: configuration, eventLoop: loop)
                    let listener = TrialListener(transport) { continuation.resume(returning: $0) }
                    var request = OutboundRequest(origin: origin, method: "GET", target: Array("/".utf8))
                    request.fields = OutboundFields([
                        HeaderField("User-Agent", "hss-gateway/\(Build.version)"), HeaderField("Accept", "application/json"),
                    ])
                    _ = transport.send(request, to: listener)
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
    }
}

/// Receives one answer, then ends the transport. Confined to the loop.
private final class TrialListener: TransferDelegate {
    private let transport: HTTPTransport
    private let done: (Result<UpstreamTrial.Answer, TransportError>) -> Void
    private let started = ContinuousClock.now
    private var answer: UpstreamTrial.Answer?

    init(_ transport: HTTPTransport, _ done: @escaping (Result<UpstreamTrial.Answer, TransportError>) -> Void) {
        self.transport = transport
        self.done = done
    }

    func head(_ head: ResponseHead) {
        let way = (ContinuousClock.now - started).components.seconds
        let date = head.fields.first(named: "Date").flatMap { ServiceTime.seconds(http: $0) }
        answer = UpstreamTrial.Answer(offset: date.map { $0 - Int64(time(nil)) }, uncertainty: way + 1)
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand { .continue }

    func finished(_ summary: TransferSummary) { end(answer.map { .success($0) } ?? .failure(.connectionLost(afterHead: false))) }

    /// An answer that breaks off doesn't show a fault of the connection.
    func failed(_ error: TransportError, _ summary: TransferSummary) { end(answer.map { .success($0) } ?? .failure(error)) }

    private func end(_ result: Result<UpstreamTrial.Answer, TransportError>) {
        done(result)
        _ = transport.shutdown()
    }
}
