import NIOCore
import NIOHTTP1

/// The connection of a request and its answer: a connection of HTTP/1.1, or one stream of HTTP/2.
protocol RequestCarrier: Downstream {
    /// When the sweep acts; nil while the caller has nothing to do.
    var deadline: NIODeadline? { get set }
    /// Whether another request may follow on it, so that it is worth reading a refused one's body to its end.
    var outlivesRequest: Bool { get }
    /// Sends 100 Continue: the caller waits for it before it sends its body (RFC 9110 section 10.1.1).
    func permitBody()
    /// The request is answered before all of it was read, so nothing that follows it on this connection could be parsed.
    func cutShort()
}

/// Reads one request at a time, over either protocol: judges its head, collects its body within the limits, and passes it to an
/// `Exchange`.
///
/// Invariants, all on the carrier's event loop:
/// 1. At most one exchange is open.
/// 2. Every request that was begun is answered, cut off or abandoned exactly once.
/// 3. While more of a request is expected, the carrier has a deadline for it.
final class RequestReader {
    enum State {
        /// Between requests.
        case idle
        /// The head is judged, the body is arriving.
        case receiving(Exchange)
        /// Refused; the rest of the request is read and discarded before the answer is sent. Indirect, so that copying the state retains one
        /// reference instead of the five of a refusal.
        indirect case discarding(Exchange, Refusal)
        /// The request is complete and the answer under way.
        case exchanging(Exchange)
    }

    private(set) var state = State.idle
    // Used in every event loop turn; reading `state` from outside would retain and release its exchange.
    var isIdle: Bool { if case .idle = state { true } else { false } }
    var isExchanging: Bool { if case .exchanging = state { true } else { false } }
    /// Set once by the carrier itself, which lives longer than its reader. A lazy property would cost a check at each of nine uses per
    /// request.
    unowned var carrier: (any RequestCarrier)?
    private let worker: Worker
    private let origin: ConnectionOrigin
    private var body: ByteBuffer?
    private var bodyBytes = 0
    private var bodyStart = NIODeadline.now()

    init(worker: Worker, origin: ConnectionOrigin) {
        self.worker = worker
        self.origin = origin
    }

    /// A head has arrived. The framing of its body was determined by the rules of its protocol.
    /// - Parameter loan: what the head uses of `limits.bodies`, if it counts.
    func begin(
        _ head: HTTPRequestHead, _ fields: InboundFields, framing: Result<WireJudge.Framing, Refusal>, _ loan: consuming BodyLoan? = nil
    ) {
        body = nil
        bodyBytes = 0
        let exchange = Exchange(head: head, fields: fields, origin: origin, worker: worker, downstream: carrier)
        exchange.loans.body = loan
        let length: WireJudge.Framing
        switch framing {
        case .success(let framing): length = framing
        case .failure(let refusal): return refuseAtOnce(exchange, refusal)
        }
        do {
            try exchange.open()
            if exchange.loans.place == .proven { exchange.loans.body?.prove() }
            try exchange.judgeBeforeBody(length)
            try BodyLimit.check(length, limit: exchange.bodyLimit)
            state = .receiving(exchange)
            expectBody(length, fields: fields)
        } catch {
            reject(exchange, error, framing: length, fields: fields)
        }
    }

    func take(_ bytes: ByteBuffer) {
        switch state {
        case .receiving(let exchange): receive(bytes, for: exchange)
        case .discarding(let exchange, let refusal): discard(bytes, exchange, refusal)
        case .idle, .exchanging: break
        }
    }

    /// The request is complete.
    func complete() {
        switch state {
        case .receiving(let exchange):
            let received = body
            body = nil
            wait(for: exchange)
            exchange.run(body: received)
        case .discarding(let exchange, let refusal):
            wait(for: exchange)
            exchange.refuse(refusal)
        case .idle, .exchanging:
            break
        }
    }

    /// The rest of the request can't be read: malformed bytes, or none for too long.
    func fail(_ refusal: Refusal) {
        switch state {
        case .receiving(let exchange): refuseAtOnce(exchange, refusal)
        // It was refused before, and for a better reason.
        case .discarding(let exchange, let first): refuseAtOnce(exchange, first)
        case .idle: answer(refusal)
        case .exchanging: break
        }
    }

    /// The answer is out.
    func didAnswer() {
        state = .idle
    }

    /// The caller disconnected: its request need not be executed any more.
    func abandon() {
        let last = state
        state = .idle
        switch last {
        case .receiving(let exchange), .exchanging(let exchange): exchange.callerDidLeave()
        case .discarding(let exchange, let refusal): exchange.refuseUnheard(refusal)
        case .idle: break
        }
    }
}

extension RequestReader {
    private func expectBody(_ framing: WireJudge.Framing, fields: InboundFields) {
        if case .none = framing { return }
        bodyStart = .now()
        carrier?.deadline = bodyStart + worker.limits.headerTimeout
        // 100 Continue only if the body is still needed.
        if fields.expectsContinue { carrier?.permitBody() }
    }

    /// Refuses before the body is read. A caller that waits for 100 Continue, or announces a body larger than the gateway discards, is
    /// answered at once and its connection is closed; for the others the body is read to its end so that the connection can be kept. A
    /// stream of HTTP/2 carries nothing else, and is answered at once. While a body is discarded, the request takes no place in `limits.in_flight`,
    /// `limits.bodies` or its caller's limits.
    private func reject(_ exchange: Exchange, _ refusal: Refusal, framing: WireJudge.Framing, fields: InboundFields) {
        exchange.loans.giveBack(to: worker)
        let isKept = carrier?.outlivesRequest == true && !fields.expectsContinue
        let isWorthReading =
            switch framing {
            case .none: true
            case .length(let length): length <= WireLimits.discardedBody && isKept
            case .chunked: isKept
            }
        guard isWorthReading else { return refuseAtOnce(exchange, refusal) }
        state = .discarding(exchange, refusal)
        bodyStart = .now()
        carrier?.deadline = bodyStart + worker.limits.headerTimeout
    }

    private func receive(_ bytes: ByteBuffer, for exchange: Exchange) {
        bodyBytes += bytes.readableBytes
        guard bodyBytes <= exchange.bodyLimit else {
            body = nil
            return refuseAtOnce(exchange, BodyLimit.exceeded(limit: exchange.bodyLimit))
        }
        guard exchange.holdBody(bytes) else { return refuseAtOnce(exchange, Refusal.tooManyBodies) }
        let allowance = worker.limits.headerTimeout + .seconds(Int64(bodyBytes / WireLimits.slowestBodyBytesPerSecond))
        carrier?.deadline = bodyStart + allowance
        if body == nil { body = bytes } else { body?.writeImmutableBuffer(bytes) }
    }

    private func discard(_ bytes: ByteBuffer, _ exchange: Exchange, _ refusal: Refusal) {
        bodyBytes += bytes.readableBytes
        if bodyBytes > WireLimits.discardedBody { refuseAtOnce(exchange, refusal) }
    }

    /// At least so many body bytes will come, by the chunk sizes read so far: refuses now what will be too long.
    func expect(bodyBytes announced: Int) {
        switch state {
        case .receiving(let exchange) where announced > exchange.bodyLimit:
            refuseAtOnce(exchange, BodyLimit.exceeded(limit: exchange.bodyLimit))
        case .discarding(let exchange, let refusal) where announced > WireLimits.discardedBody:
            refuseAtOnce(exchange, refusal)
        case .idle, .receiving, .discarding, .exchanging:
            break
        }
    }

    private func refuseAtOnce(_ exchange: Exchange, _ refusal: Refusal) {
        body = nil
        carrier?.cutShort()
        wait(for: exchange)
        exchange.refuse(refusal)
    }

    private func wait(for exchange: Exchange) {
        state = .exchanging(exchange)
        carrier?.deadline = nil
    }

    /// Answers what never became a request: malformed bytes, a connection above the limit, a head that took too long.
    private func answer(_ refusal: Refusal) {
        refuseAtOnce(Exchange(head: nil, fields: nil, origin: origin, worker: worker, downstream: carrier), refusal)
    }
}
