import NIOCore
import NIOHTTP1

/// One connection of a caller that speaks HTTP/1.1: parts of requests in, bytes of responses out, one request at a time in the order
/// they came (RFC 9112 section 9.3.2). It knows the connection; what a request is, `RequestReader` knows.
///
/// Invariants, all on the channel's event loop:
/// 1. While a request waits for its answer, parts of later ones wait in `parked`, and nothing is read from the socket meanwhile.
/// 2. `deadline` always says when the worker's sweep ends this connection, or nil while only the upstream is waited for.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
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
    let origin: ConnectionOrigin
    var phase = Phase.open
    private(set) lazy var reader = RequestReader(worker: worker, origin: origin, carrier: self)
    var parked: CircularBuffer<Parked> = []
    var context: ChannelHandlerContext?
    var isHTTP10 = false
    var keepsAlive = true
    /// The response that is being written.
    var encoder = HTTP1ResponseEncoder()
    var output = ByteBufferAllocator().buffer(capacity: ConnectionHandler.smallestOutput)
    var isFlushScheduled = false
    /// When the sweep acts; nil while nothing is expected of the caller.
    var deadline: NIODeadline?
    /// Whether the read that is under way produced a part of a request, and whether a head is known to have begun.
    private var sawPart = false
    private var isHeadUnfinished = false

    init(worker: Worker, origin: ConnectionOrigin) {
        self.worker = worker
        self.origin = origin
    }

    private var isExchanging: Bool { if case .exchanging = reader.state { true } else { false } }
    private var isIdle: Bool { if case .idle = reader.state { phase == .open } else { false } }
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
            reader.fail(Refusal(.overloaded, "The gateway serves as many connections as it may.", hint: "Try again in a moment."))
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
        phase = .closed
        reader.abandon()
        worker.connections.remove(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// The connection turns out to speak HTTP/2, and another handler looks after it from now on.
    func stepAside() {
        phase = .closed
        deadline = nil
        worker.connections.remove(self)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes came and no part of a request did: a head has begun and has its own, shorter time to end.
        if isIdle, !sawPart, !isHeadUnfinished {
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
        switch phase {
        case .open: if !isExchanging || parked.isEmpty { context?.read() }
        case .lingering: context?.read()
        case .closed: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .exchanging(let exchange) = reader.state { exchange.downstreamDidDrain() }
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
            if phase == .closed { return parked.removeAll() }
            if phase == .open, isExchanging { return }
            if phase == .open { handle(item) }
            if !parked.isEmpty { parked.removeFirst() }
        }
    }

    private func handle(_ item: Parked) {
        switch item {
        case .part(.head(let head)): begin(head)
        case .part(.body(let bytes)): reader.take(bytes)
        case .part(.end): reader.complete()
        case .failure(let refusal): reader.fail(refusal)
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        // The codec never emits a head within a message.
        precondition(isIdle, "parts of a request out of order")
        isHTTP10 = head.version == .http1_0
        isHeadUnfinished = false
        let fields = InboundFields(head.headers)
        keepsAlive = !worker.isDraining && KeepAlive.isWanted(by: head, fields)
        reader.begin(head, fields, framing: Result { () throws(Refusal) in try WireJudge.judge(head, fields) })
    }

    func permitBody() {
        guard !isHTTP10 else { return }
        output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        flush()
    }

    func cutShort() {
        keepsAlive = false
    }
}

// MARK: - Deadlines

extension ConnectionHandler: SweptConnection {
    /// Called by the worker's sweep once `deadline` has passed.
    func deadlineDidPass() {
        deadline = nil
        switch (phase, reader.state) {
        case (.open, .idle):
            // Bytes of an unfinished head, or nobody there: a slow head gets an answer, an idle connection is just closed.
            if isHeadUnfinished { reader.fail(WireFault.slowHead) } else { context?.close(promise: nil) }
        case (.open, .receiving), (.open, .discarding):
            reader.fail(WireFault.slowBody)
        case (.lingering, _):
            context?.close(promise: nil)
        case (.open, .exchanging), (.closed, _):
            break
        }
    }

    /// Told once when the gateway begins to drain: an idle connection ends, a busy one ends with its answer.
    func beginDraining() {
        keepsAlive = false
        if isIdle { context?.close(promise: nil) }
    }

    /// The drain's time is up.
    func cut() {
        context?.close(promise: nil)
    }
}
