import NIOCore
import NIOHPACK
import NIOHTTP2

/// One stream of HTTP/2: one request in, one answer out. What a request is, `RequestReader` knows.
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
    /// The answer, as far as it waits for the end of the tick.
    private var head: HPACKHeaders?
    private var body: ByteBuffer?
    private var isAnswerWhole = false
    private var isFlushScheduled = false
    private var hasLeft = false

    init(connection: StreamConnection) {
        self.connection = connection
        self.worker = connection.worker
        self.reader = RequestReader(worker: connection.worker, origin: connection.origin)
        reader.carrier = self
    }

    // MARK: - Life of the stream

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
        hasLeft = true
        deadline = nil
        context = nil
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
                // Trailers are dropped: nothing of HSS's needs any, and what they name was never judged.
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
        // One read stays asked for, so that a reset is heard of.
        case .exchanging: if isRequestWhole { context.read() }
        }
        context.fireChannelReadComplete()
    }

    private func begin(_ block: HPACKHeaders, isWhole: Bool) {
        let request = StreamHead(block, isWhole: isWhole, limits: worker.limits)
        isRequestWhole = isWhole
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
        // The answer is out as far as we are concerned, and the caller doesn't take it.
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

    /// The stream carries nothing else anyway; the caller is told to stop sending once the answer is out.
    func cutShort() {}

    func begin(_ head: DownstreamHead) {
        self.head = HPACKHeaders(head)
        scheduleFlush()
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let context else { return true }
        if body == nil { body = context.channel.allocator.buffer(capacity: bytes.count) }
        body?.writeBytes(bytes)
        if (body?.readableBytes ?? 0) >= WireLimits.writeHighWatermark { flush() } else { scheduleFlush() }
        return context.channel.isWritable
    }

    func end() {
        isAnswerWhole = true
        reader.didAnswer()
        // What is left of the answer waits for the caller's window, but not for ever.
        if !hasLeft { deadline = .now() + worker.limits.idleTimeout }
        scheduleFlush()
    }

    /// What was received is passed on; without the stream's end nobody takes it for all.
    func abort() {
        flush()
        reset(.internalError)
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
        if let bytes {
            context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(bytes), endStream: isAnswerWhole))), promise: nil)
        }
        context.flush()
        // RFC 9113 section 8.1: who answers before the request is whole tells the caller, without an error, to stop sending it.
        if isAnswerWhole, !isRequestWhole { reset(.noError) }
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
