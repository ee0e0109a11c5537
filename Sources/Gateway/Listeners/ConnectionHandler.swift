import NIOCore
import NIOHTTP1

/// One connection of a caller: parts of requests in, bytes of responses out, one request at a time in the order they came
/// (RFC 9112 section 9.3.2). It knows HTTP/1.1 and deadlines; what a request means is the `Exchange`'s business.
///
/// Invariants, all on the channel's event loop:
/// 1. At most one exchange is open; parts of later requests wait in `parked`, and nothing is read from the socket meanwhile.
/// 2. Every request that was begun is answered, cut off or abandoned exactly once.
/// 3. `deadline` always says when the worker's sweep ends this connection, or nil while only the upstream is waited for.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Between requests.
        case idle
        /// The head is judged, the body is arriving.
        case receiving(Exchange)
        /// Refused; the rest of the request is read and thrown away before the answer goes out.
        case discarding(Exchange, Refusal)
        /// The request is complete and the answer under way.
        case exchanging(Exchange)
        /// The last answer is out; what still arrives is thrown away until the caller closes or the time is up.
        case lingering
        case closed
    }

    /// A part of a request that came before its turn.
    enum Parked {
        case part(HTTPServerRequestPart)
        case failure(Refusal)
    }

    /// Holds the head and body of most answers: growing to it step by step was the largest single source of allocations.
    static let smallestOutput = 1 << 10

    let worker: Worker
    private let origin: ConnectionOrigin
    var state = State.idle
    var parked: CircularBuffer<Parked> = []
    var context: ChannelHandlerContext?
    private var body: ByteBuffer?
    private var bodyBytes = 0
    var isHTTP10 = false
    var keepsAlive = true
    /// The response that is being written.
    var encoder = HTTP1ResponseEncoder()
    var output = ByteBufferAllocator().buffer(capacity: ConnectionHandler.smallestOutput)
    var isFlushScheduled = false
    /// When the sweep acts; nil while nothing is expected of the caller.
    var deadline: NIODeadline?
    private var bodyStart = NIODeadline.now()
    /// Whether the read that is under way produced a part of a request, and whether a head is known to have begun.
    private var sawPart = false
    private var isHeadUnfinished = false

    init(worker: Worker, origin: ConnectionOrigin) {
        self.worker = worker
        self.origin = origin
    }
}

// MARK: - Life of the channel

extension ConnectionHandler {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { opened(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        opened(context)
        context.fireChannelActive()
    }

    private func opened(_ context: ChannelHandlerContext) {
        guard worker.connections.insert(self) else { return }
        guard !worker.connections.isFull else {
            answer(Refusal(.overloaded, "The gateway serves as many connections as it may.", hint: "Try again in a moment."))
            return
        }
        deadline = .now() + worker.limits.idleTimeout
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline = nil
        self.context = nil
        worker.ticks.leave(self)
        context.fireChannelInactive()
    }

    /// The connection has ended, and nothing of it is up the stack any more.
    func didLeave() {
        abandonCurrent()
        state = .closed
        worker.connections.remove(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// The caller went away: what it asked for need not be fetched any more.
    private func abandonCurrent() {
        switch state {
        case .receiving(let exchange), .exchanging(let exchange):
            state = .closed
            exchange.callerDidLeave()
        case .discarding(let exchange, let refusal):
            state = .closed
            exchange.refuseUnheard(refusal)
        case .idle, .lingering, .closed:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes came and no part of a request did: a head has begun and has its own, shorter time to end.
        if case .idle = state, !sawPart, !isHeadUnfinished {
            isHeadUnfinished = true
            deadline = .now() + worker.limits.headerTimeout
        }
        sawPart = false
        readIfWanted()
        context.fireChannelReadComplete()
    }

    /// While a request waits for its answer one read stays asked for, and none once something has come of it: the kernel's buffer
    /// is the backpressure. Asking for none at all would bound memory as well, but makes NIO take the socket out of its epoll set
    /// and put it back for each request (two of nine system calls at 64 connections).
    func readIfWanted() {
        switch state {
        case .idle, .receiving, .discarding, .lingering: context?.read()
        case .exchanging: if parked.isEmpty { context?.read() }
        case .closed: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .exchanging(let exchange) = state { exchange.downstreamDidDrain() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.invalidEOFState:
            // The caller closed in mid-request; `channelInactive` follows and there is nobody to tell.
            break
        case is HTTPParserError:
            park(.failure(WireFault.refusal(for: error)))
        default:
            // A broken connection: there is nobody to tell.
            context.close(promise: nil)
        }
    }
}

// MARK: - Requests in

extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sawPart = true
        park(.part(unwrapInboundIn(data)))
    }

    private func park(_ item: Parked) {
        parked.append(item)
        if parked.count == 1 { proceed() }
    }

    /// Works through what arrived until a request is waiting for its answer.
    func proceed() {
        while let item = parked.first {
            if case .exchanging = state { return }
            if case .closed = state { return parked.removeAll() }
            handle(item)
            if !parked.isEmpty { parked.removeFirst() }
        }
    }

    private func handle(_ item: Parked) {
        switch (state, item) {
        case (.lingering, _), (.closed, _), (.exchanging, _):
            break
        case (.idle, .part(.head(let head))):
            begin(head)
        case (.receiving(let exchange), .part(.body(let bytes))):
            receive(bytes, for: exchange)
        case (.receiving(let exchange), .part(.end)):
            complete(exchange)
        case (.discarding, .part(.body(let bytes))):
            discard(bytes)
        case (.discarding(let exchange, let refusal), .part(.end)):
            state = .exchanging(exchange)
            deadline = nil
            exchange.refuse(refusal)
        case (.receiving(let exchange), .failure(let refusal)), (.discarding(let exchange, let refusal), .failure):
            refuseAtOnce(exchange, refusal)
        case (.idle, .failure(let refusal)):
            answer(refusal)
        case (.idle, .part), (_, .part(.head)):
            // The codec never emits a body without a head, nor a head within a message.
            preconditionFailure("parts of a request out of order")
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        isHTTP10 = head.version == .http1_0
        isHeadUnfinished = false
        body = nil
        bodyBytes = 0
        let fields = InboundFields(head.headers)
        keepsAlive = !worker.isDraining && KeepAlive.isWanted(by: head, fields)
        let exchange = Exchange(head: head, fields: fields, origin: origin, worker: worker, downstream: self)
        let framing: WireJudge.Framing
        do {
            framing = try WireJudge.judge(head, fields)
        } catch {
            return refuseAtOnce(exchange, error)
        }
        do {
            try exchange.open()
            try BodyLimit.check(framing, limit: worker.limits.requestBody)
            state = .receiving(exchange)
            expectBody(framing, fields: fields)
        } catch {
            reject(exchange, error, framing: framing, fields: fields)
        }
    }

    private func expectBody(_ framing: WireJudge.Framing, fields: InboundFields) {
        if case .none = framing { return }
        bodyStart = .now()
        deadline = bodyStart + worker.limits.headerTimeout
        // RFC 9110 section 10.1.1: 100 only when the body is still wanted, and never to HTTP/1.0.
        if fields.expectsContinue && !isHTTP10 {
            output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            flush()
        }
    }

    /// Refuses before the body is read. A caller that waits for 100, or announces more than we'd throw away, is told at once
    /// and loses the connection; for the others the body is read to its end so that the connection can be kept.
    private func reject(_ exchange: Exchange, _ refusal: Refusal, framing: WireJudge.Framing, fields: InboundFields) {
        let isWorthReading =
            switch framing {
            case .none: true
            case .length(let length): length <= WireLimits.discardedBody && !fields.expectsContinue
            case .chunked: !fields.expectsContinue
            }
        guard isWorthReading else { return refuseAtOnce(exchange, refusal) }
        state = .discarding(exchange, refusal)
        bodyStart = .now()
        deadline = bodyStart + worker.limits.headerTimeout
    }

    private func refuseAtOnce(_ exchange: Exchange, _ refusal: Refusal) {
        keepsAlive = false
        state = .exchanging(exchange)
        deadline = nil
        exchange.refuse(refusal)
    }

    private func receive(_ bytes: ByteBuffer, for exchange: Exchange) {
        bodyBytes += bytes.readableBytes
        guard bodyBytes <= worker.limits.requestBody else {
            body = nil
            return refuseAtOnce(exchange, BodyLimit.exceeded(limit: worker.limits.requestBody))
        }
        let allowance = worker.limits.headerTimeout + .seconds(Int64(bodyBytes / WireLimits.slowestBodyBytesPerSecond))
        deadline = bodyStart + allowance
        if body == nil { body = bytes } else { body?.writeImmutableBuffer(bytes) }
    }

    private func discard(_ bytes: ByteBuffer) {
        bodyBytes += bytes.readableBytes
        guard bodyBytes > WireLimits.discardedBody, case .discarding(let exchange, let refusal) = state else { return }
        refuseAtOnce(exchange, refusal)
    }

    private func complete(_ exchange: Exchange) {
        state = .exchanging(exchange)
        deadline = nil
        let received = body
        body = nil
        exchange.run(body: received)
    }

    /// Answers what never became a request of its own: malformed bytes, one connection too many, a head that took too long.
    private func answer(_ refusal: Refusal) {
        refuseAtOnce(Exchange(head: nil, fields: nil, origin: origin, worker: worker, downstream: self), refusal)
    }
}

// MARK: - Deadlines

extension ConnectionHandler {
    /// Called by the worker's sweep once `deadline` has passed.
    func deadlineDidPass() {
        deadline = nil
        switch state {
        case .idle:
            // Bytes of an unfinished head, or nobody there: a slow head gets an answer, an idle connection is just closed.
            if isHeadUnfinished { answer(WireFault.slowHead) } else { context?.close(promise: nil) }
        case .receiving(let exchange), .discarding(let exchange, _):
            refuseAtOnce(exchange, WireFault.slowBody)
        case .lingering:
            context?.close(promise: nil)
        case .exchanging, .closed:
            break
        }
    }

    /// Told once when the gateway begins to drain: an idle connection ends, a busy one ends with its answer.
    func beginDraining() {
        keepsAlive = false
        if case .idle = state { context?.close(promise: nil) }
    }

    /// The drain's time is up.
    func cut() {
        context?.close(promise: nil)
    }
}
