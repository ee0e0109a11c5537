import NIOCore

/// Gathers the frames of an HTTP/2 connection until the event loop turn ends. Each stream flushes by itself, and a frame's head and its content are
/// written one after the other: without this ten answers that end in one turn would cost ten system calls and, over TLS, thirty records.
///
/// Invariants, all on the channel's event loop:
/// 1. Bytes leave in the order in which they were written; a promise is fulfilled no earlier than its bytes have left.
/// 2. Flushed bytes leave at the end of the turn at the latest, and before the connection is closed.
/// 3. At most `WireLimits.flushedAtOnce` bytes wait here for the end of the turn; pieces of `largestCopy` and more are not copied.
final class FrameGatherer: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// The size from which on copying a piece costs more than writing it separately, bytes.
    private static let largestCopy = 4 << 10
    /// The longest plaintext of a TLS record (RFC 8446 section 5.1), bytes.
    private static let longestRun = 16 << 10

    /// The first capacity of a buffer for frames; it grows when necessary.
    private static let firstRun = 2 << 10

    private let awaitEndOfTurn: (FrameGatherer) -> Void
    private var context: ChannelHandlerContext?
    /// Frames that were not passed on.
    private var run = ByteBuffer()
    private var runPromise: EventLoopPromise<Void>?
    /// Bytes that were passed on and not flushed yet.
    private var passed = 0
    /// Whether the end of the turn will flush.
    private var isAwaited = false

    /// - Parameter awaitEndOfTurn: has `turnDidEnd` called when this turn of the event loop ends.
    init(awaitEndOfTurn: @escaping (FrameGatherer) -> Void) {
        self.awaitEndOfTurn = awaitEndOfTurn
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        passOn(context)
        self.context = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(var bytes) = unwrapOutboundIn(data), bytes.readableBytes < Self.largestCopy else {
            passOn(context)
            if case .byteBuffer(let bytes) = unwrapOutboundIn(data) { passed += bytes.readableBytes }
            context.write(data, promise: promise)
            return
        }
        if run.readableBytes + bytes.readableBytes > Self.longestRun { passOn(context) }
        if run.capacity == 0 { run = context.channel.allocator.buffer(capacity: Self.firstRun) }
        run.writeBuffer(&bytes)
        guard let promise else { return }
        if let runPromise { runPromise.futureResult.cascade(to: promise) } else { runPromise = promise }
    }

    func flush(context: ChannelHandlerContext) {
        guard passed + run.readableBytes < WireLimits.flushedAtOnce else { return leave(context) }
        guard !isAwaited else { return }
        isAwaited = true
        awaitEndOfTurn(self)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        leave(context)
        context.close(mode: mode, promise: promise)
    }

    /// All streams that flush in this turn have flushed.
    func turnDidEnd() {
        isAwaited = false
        if let context { leave(context) }
    }

    private func leave(_ context: ChannelHandlerContext) {
        passOn(context)
        passed = 0
        context.flush()
    }

    /// Passes the gathered frames on. A new buffer each time: the old one's memory belongs to the next handler now.
    private func passOn(_ context: ChannelHandlerContext) {
        guard run.readableBytes > 0 || runPromise != nil else { return }
        var bytes = ByteBuffer()
        swap(&bytes, &run)
        let promise = runPromise
        runPromise = nil
        // Bounded: by the memory that the bytes take.
        passed += bytes.readableBytes
        context.write(wrapOutboundOut(.byteBuffer(bytes)), promise: promise)
    }
}
