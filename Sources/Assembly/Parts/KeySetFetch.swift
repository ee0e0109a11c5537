import NIOCore
import NIOPosix
import Recognition
import Settings
import Transport

/// Fetches an issuer's key set with the gateway's own transport, on a thread that serves no requests.
struct KeySetFetch: Sendable {
    let url: EndpointURL
    let upstream: UpstreamSettings

    /// The timeout; requests wait for the keys no longer than this.
    private static let patience = Duration.seconds(5)

    func load() async throws(VerificationKeys.Fault) -> [UInt8] {
        let path = url.path.isEmpty ? "/" : url.path
        var configuration: TransportConfiguration
        let origin: Origin
        do {
            configuration = try TransportAssembly.configuration(upstream, environment: ProcessEnvironment.variables)
            origin = try Origin(url: String(url.description.dropLast(url.path.utf8.count)))
        } catch {
            throw .unavailable("can't be fetched: its URL or the upstream settings are not usable")
        }
        // The operator configured this host, so it may be a private one.
        configuration.addresses = TransportAssembly.addresses(private: [url.host.lowercased()], isProxied: configuration.proxy != nil)
        // The pin is HSS's key, not the issuer's.
        configuration.pinnedPublicKey = nil
        configuration.totalTimeout = Self.patience
        configuration.firstByteTimeout = Self.patience
        configuration.http2 = .automatic
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let request = OutboundRequest(
            origin: origin, method: "GET", target: Array(path.utf8), fields: OutboundFields([HeaderField("Accept", "application/json")]),
            isReplayable: true)
        let answer = loop.flatSubmit { [configuration] () -> EventLoopFuture<[UInt8]> in
            let promise = loop.makePromise(of: [UInt8].self)
            do {
                let transport = try HTTPTransport(configuration: configuration, eventLoop: loop)
                _ = transport.send(request, to: Download(promise: promise))
                let bound = NIOLoopBound(transport, eventLoop: loop)
                return promise.futureResult.always { _ in _ = bound.value.shutdown() }
            } catch {
                promise.fail(error)
                return promise.futureResult
            }
        }
        guard let body = try? await answer.get() else { throw .unavailable("could not be fetched") }
        return body
    }
}

/// The body of a 200 answer.
private final class Download: TransferDelegate {
    private let promise: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []
    private var isGood = false

    /// The fault is not reported here: the caller reports that no keys came.
    private struct Failed: Error {}

    init(promise: EventLoopPromise<[UInt8]>) {
        self.promise = promise
    }

    func head(_ head: ResponseHead) {
        isGood = head.status == 200
    }

    func body(_ piece: UnsafeRawBufferPointer) -> Demand {
        // A body that is too large is no key set; one byte beyond the limit is kept, so that the reader notices
        // that.
        let room = VerificationKeys.largestSet + 1 - bytes.count
        bytes += piece.prefix(max(0, room))
        return .continue
    }

    func finished(_ summary: TransferSummary) {
        if isGood { promise.succeed(bytes) } else { promise.fail(Failed()) }
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        promise.fail(Failed())
    }
}
