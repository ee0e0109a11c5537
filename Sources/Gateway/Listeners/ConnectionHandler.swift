import NIOCore
import NIOHTTP1

/// One connection of a caller that speaks HTTP/1.1: bytes of requests in, bytes of responses out, one request at a time in the order
/// they came (RFC 9112 section 9.3.2). It knows the connection; what a request is, `RequestReader` knows.
///
/// Invariants, all on the channel's event loop:
/// 1. While a request waits for its answer, bytes of later ones wait in the decoder, and nothing is read from the socket meanwhile.
/// 2. `deadline` always says when the worker's sweep ends this connection, or nil while only the upstream is waited for.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        /// The last answer is out; what still arrives is thrown away until the caller closes or the time is up.
        case lingering
        case closed
    }

    let worker: Worker
    let origin: ConnectionOrigin
    var phase = Phase.open
    let reader: RequestReader
    var decoder: RequestDecoder
    var context: ChannelHandlerContext?
    var isHTTP10 = false
    var keepsAlive = true
    /// Whether the request at hand is the last one.
    private var isLeaving = false
    /// The response that is being written.
    var encoder = HTTP1ResponseEncoder()
    var output = ByteBuffer()
    var isFlushScheduled = false
    /// Whether only the connection's end says where the answer's body ends (HTTP/1.0).
    var isDelimitedByEnd = false
    /// When the sweep acts; nil while nothing is expected of the caller.
    var deadline: NIODeadline?
    /// Whether a read is asked for of which nothing has come yet. To ask again changes nothing, and cost 900 instructions a request.
    private var isReadAsked = false
    /// What the channel last said; to ask it goes through its pipeline.
    private(set) var isWritable = true
    /// Whether a head is known to have begun.
    private var isHeadUnfinished = false
    /// Whether a byte has come through TLS and the choice of protocol.
    private var hasReceived = false
    /// What of the output has arrived.
    var receipt = OutputReceipt()
    /// What the channel held at the last deadline: a caller that takes its answer slowly, but takes it, is given more time.
    private var heldAtDeadline = Int.max

    init(worker: Worker, origin: ConnectionOrigin) {
        self.worker = worker
        self.origin = origin
        self.decoder = RequestDecoder(limits: worker.limits)
        self.reader = RequestReader(worker: worker, origin: origin)
        reader.carrier = self
    }

    private var isExchanging: Bool { reader.isExchanging }
    private var isIdle: Bool { phase == .open && reader.isIdle }
    var outlivesRequest: Bool { keepsAlive }
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
        deadline = .now() + (worker.isDraining ? worker.limits.lastRequests : worker.limits.idleTimeout)
        read()
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
        // Bytes came and none got here: a TLS handshake or a preface is under way, and has a head's time to end.
        if isIdle, !hasReceived, !isHeadUnfinished { headDidBegin() }
        isReadAsked = false
        // It may be the end of what the caller sends, and then the channel is about to close.
        lookAtReceipt()
        readIfWanted()
        context.fireChannelReadComplete()
    }

    /// While a request waits for its answer one read stays asked for, and none once something has come of it: the kernel's buffer
    /// is the backpressure. Asking for none at all would bound memory as well, but makes NIO take the socket out of its epoll set
    /// and put it back for each request (two of nine system calls at 64 connections).
    func readIfWanted() {
        switch phase {
        case .open: if !isExchanging || !decoder.hasInput { read() }
        case .lingering: read()
        case .closed: break
        }
    }

    func read() {
        guard !isReadAsked, let context else { return }
        isReadAsked = true
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if isWritable, case .exchanging(let exchange) = reader.state { exchange.downstreamDidDrain() }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection: there is nobody to tell.
        lookAtReceipt()
        context.close(promise: nil)
    }
}

// MARK: - Requests in

extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasReceived = true
        isReadAsked = false
        guard phase == .open else { return }
        decoder.feed(unwrapInboundIn(data))
        proceed()
    }

    /// Works through what arrived until a request is waiting for its answer.
    func proceed() {
        while phase == .open, !isExchanging {
            do throws(Refusal) {
                let part = try decoder.next()
                if let announced = decoder.announcedBytes { reader.expect(bodyBytes: announced) }
                guard let part else { break }
                handle(part)
            } catch {
                reader.fail(error)
            }
        }
        noteUnfinishedHead()
    }

    private func handle(_ part: RequestDecoder.Part) {
        switch part {
        case .head(let head, let fields, let framing): begin(head, fields, framing)
        case .body(let bytes): reader.take(bytes)
        case .end: reader.complete()
        }
    }

    /// A head that has begun has its own, shorter time to end.
    private func noteUnfinishedHead() {
        if isIdle, decoder.isInHead, !isHeadUnfinished { headDidBegin() }
    }

    /// The first byte of TLS has come.
    func handshakeDidBegin() {
        if isIdle, !isHeadUnfinished { headDidBegin() }
    }

    /// What comes now is the protocol's that TLS carries.
    func handshakeDidEnd() {
        hasReceived = true
        isHeadUnfinished = false
        if isIdle { deadline = .now() + (worker.isDraining ? worker.limits.lastRequests : worker.limits.idleTimeout) }
    }

    private func headDidBegin() {
        isHeadUnfinished = true
        deadline = .now() + worker.limits.headerTimeout
    }

    private func begin(_ head: HTTPRequestHead, _ fields: InboundFields, _ framing: Result<WireJudge.Framing, Refusal>) {
        // The decoder never gives a head within a message.
        precondition(isIdle, "parts of a request out of order")
        isHTTP10 = head.version == .http1_0
        isHeadUnfinished = false
        keepsAlive = !worker.isDraining && !isLeaving && KeepAlive.isWanted(by: head, fields)
        reader.begin(head, fields, framing: framing)
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
        case (.open, .idle) where !isHeadUnfinished && isTakingAnswer, (.lingering, _) where isTakingAnswer:
            deadline = .now() + worker.limits.idleTimeout
        case (.open, .idle):
            // Bytes of an unfinished head, or nobody there: a slow head gets an answer, an idle connection is just closed.
            if isHeadUnfinished { reader.fail(WireFault.slowHead) } else { closeIdle() }
        case (.open, .receiving), (.open, .discarding):
            reader.fail(WireFault.slowBody)
        case (.lingering, _):
            context?.close(promise: nil)
        case (.open, .exchanging), (.closed, _):
            break
        }
    }

    /// Whether the caller has taken some of what still waits in the channel since the deadline before this one. To be asked once for each.
    private var isTakingAnswer: Bool {
        let held = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        defer { heldAtDeadline = held > 0 ? held : .max }
        return held > 0 && held < heldAtDeadline
    }

    /// Told when the gateway begins to drain, or when this connection shall end: a busy one ends with its answer. An idle one ends at once; while the
    /// gateway drains a little later, since a request may be on its way to it, and closing over bytes that nobody read would reset it.
    func beginDraining() {
        (keepsAlive, isLeaving) = (false, true)
        guard isIdle else { return }
        guard worker.isDraining else {
            context?.close(promise: nil)
            return
        }
        if !isHeadUnfinished { deadline = .now() + worker.limits.lastRequests }
    }

    private func closeIdle() {
        guard worker.isDraining else {
            context?.close(promise: nil)
            return
        }
        phase = .lingering
        deadline = .now() + WireLimits.lingering
        context?.channel.close(mode: .output, promise: nil)
        read()
    }

    /// The drain's time is up.
    func cut() {
        lookAtReceipt()
        context?.close(promise: nil)
    }
}
