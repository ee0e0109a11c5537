import NIOCore
import NIOHPACK
import NIOHTTP2

/// One stream of HTTP/2: one request in, one answer out. `RequestReader` handles the request.
///
/// Invariants, all on the connection's event loop:
/// 1. Body frames are asked for only while the request is being read, so the stream's window bounds what waits.
/// 2. An answer that can't be completed ends in RST_STREAM, never in END_STREAM.
final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let connection: StreamConnection
    private let worker: Worker
    private let reader: RequestReader
    private var context: ChannelHandlerContext?
    var deadline: NIODeadline?
    let outlivesRequest = false
    private var hasHead = false
    private var isRequestWhole = false
    /// The answer, while it waits for the end of the event loop turn.
    private var head: HPACKHeaders?
    private var body: ByteBuffer?
    private var isAnswerWhole = false
    private var isFlushScheduled = false
    private var hasLeft = false
    private var isUnread = false
    /// Bytes of the body that were passed to the channel while the answer was under way; those that left for the socket; and those that are
    /// known to have arrived.
    private var (handed, written, arrived) = (0, 0, 0)
    private var writtenAtDeadline = 0
    /// The room of an answer that was made as a whole.
    private var loan: PageLoan?

    init(connection: StreamConnection) {
        self.connection = connection
        self.worker = connection.worker
        self.reader = RequestReader(worker: connection.worker, origin: connection.origin)
        reader.carrier = self
    }

    // MARK: - Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { opened(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        opened(context)
        context.fireChannelActive()
    }

    private func opened(_ context: ChannelHandlerContext) {
        connection.opened(self)
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    private func leave() {
        guard !hasLeft else { return }
        lookAtArrival()
        hasLeft = true
        deadline = nil
        context = nil
        loan = nil
        if isUnread { worker.unread.ended() }
        connection.closed(self)
        worker.ticks.leave(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // RST_STREAM from the caller, or a fault that the library has answered with one: `channelInactive` follows.
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, case .exchanging(let exchange) = reader.state { exchange.downstreamDidDrain() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if hasHead {
                // Trailers are dropped: no operation of HSS needs any.
                guard StreamHead.areTrailers(frame.headers) else { return reader.fail(StreamHead.malformed) }
                if frame.endStream { complete() }
            } else {
                hasHead = true
                begin(frame.headers, isWhole: frame.endStream)
            }
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 { reader.take(bytes) }
            if frame.endStream { complete() }
        default:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        switch reader.state {
        case .receiving, .discarding: context.read()
        case .idle: if !hasHead { context.read() }
        // One read stays pending, so that a reset is noticed.
        case .exchanging: if isRequestWhole { context.read() }
        }
        context.fireChannelReadComplete()
    }

    private func begin(_ block: HPACKHeaders, isWhole: Bool) {
        let request = StreamHead(block, isWhole: isWhole, limits: worker.limits)
        isRequestWhole = isWhole
        if request.breaksProtocol { connection.sawFaultyHead() }
        reader.begin(request.head, request.fields, framing: request.framing)
        if isWhole { reader.complete() }
    }

    private func complete() {
        isRequestWhole = true
        reader.complete()
    }

    func deadlineDidPass() {
        deadline = nil
        switch reader.state {
        case .receiving, .discarding: reader.fail(WireFault.slowBody)
        // The answer has been written completely, and the caller doesn't read it. One that reads slowly gets more time.
        case .idle where written > writtenAtDeadline:
            writtenAtDeadline = written
            deadline = .now() + worker.limits.idleTimeout
        case .idle: reset(.cancel)
        case .exchanging: break
        }
    }
}

// MARK: - The answer

extension StreamHandler: RequestCarrier, TickParticipant {
    func permitBody() {
        guard let context else { return }
        let headers = HPACKHeaders([(":status", "100")])
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
    }

    /// The stream carries nothing else; the caller is asked to stop sending once the answer is out.
    func cutShort() {}

    func begin(_ head: DownstreamHead) {
        self.head = HPACKHeaders(head)
        scheduleFlush()
    }

    var wantsBareRefusals: Bool { worker.unread.areTooMany(for: worker.limits.connections) }

    func hold(_ loan: PageLoan) {
        if !hasLeft { self.loan = loan }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // If the caller has disconnected, nothing more is written; its exchange is about to be notified.
        guard let context else {
            handed += bytes.count
            return false
        }
        if body == nil { body = context.channel.allocator.buffer(capacity: bytes.count) }
        body?.writeBytes(bytes)
        if (body?.readableBytes ?? 0) >= WireLimits.writeHighWatermark { flush() } else { scheduleFlush() }
        return context.channel.isWritable
    }

    func end() {
        isAnswerWhole = true
        reader.didAnswer()
        // The rest of the answer waits for the caller's window, but not forever.
        if !hasLeft { deadline = .now() + worker.limits.idleTimeout }
        scheduleFlush()
    }

    /// What was received is passed on, within the caller's windows; without END_STREAM it can't be mistaken for a complete answer. An empty
    /// frame marks the position after it, since a reset discards what still waits.
    func abort() {
        flush()
        guard let context, handed > 0 else { return reset(.internalError) }
        reader.didAnswer()
        deadline = .now() + worker.limits.idleTimeout
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in reset(.internalError) }
        context.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: false))), promise: promise)
    }

    var bytesLostByEnd: Int { hasLeft ? handed - arrived + (body?.readableBytes ?? 0) : 0 }

    /// Any of the connection's bytes that have not arrived may be this stream's.
    func lookAtArrival() {
        guard written > arrived, let backlog = connection.backlog else { return }
        arrived = max(arrived, written - backlog)
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard let context else { return }
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }

    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        worker.ticks.flush(self)
    }

    private func flush() {
        guard let context else { return }
        let bytes = body.flatMap { $0.readableBytes > 0 ? $0 : nil }
        body = nil
        if let head {
            self.head = nil
            context.write(wrapOutboundOut(.headers(.init(headers: head, endStream: isAnswerWhole && bytes == nil))), promise: nil)
            if bytes == nil, !isAnswerWhole { context.flush() }
        } else if bytes == nil, isAnswerWhole {
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true))), promise: nil)
        }
        if let bytes { write(bytes, to: context) }
        if isAnswerWhole, !isUnread {
            isUnread = true
            worker.unread.began()
        }
        context.flush()
        // RFC 9113 section 8.1: a server that answers before the request is complete asks the client, without an error, to stop
        // sending it.
        if isAnswerWhole, !isRequestWhole { reset(.noError) }
    }

    private func write(_ bytes: ByteBuffer, to context: ChannelHandlerContext) {
        let frame = wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: isAnswerWhole)))
        guard !isAnswerWhole else { return context.write(frame, promise: nil) }
        lookAtArrival()
        let count = bytes.readableBytes
        // Bounded: a stream carries no 2^63 bytes.
        handed += count
        // The promise belongs to this event loop, so its callbacks run on it.
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess { [self] in written += count }
        context.write(frame, promise: promise)
    }

    func tickDidEnd() {
        isFlushScheduled = false
        flush()
    }

    func resumeReading() {}

    func didLeave() {
        reader.abandon()
    }
}
