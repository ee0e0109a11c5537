import NIOCore

/// Lets frames of an HTTP/2 connection pass to the library as `TurnShare` allows, and none that belongs to a flood.
///
/// 1. In one turn of the event loop as many frames pass as the share has. Further ones of the same read wait here for later turns, and nothing more
///    is read meanwhile.
/// 2. At the first frame of a flood (`FrameFloods`) an error is reported instead, and everything behind it is discarded.
/// 3. Bytes pass as they come and in their order, also parts of frames: nothing but what waits for a later turn is held.
final class FrameGate: ChannelInboundHandler, TurnParticipant {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let awaitNextTurn: (FrameGate) -> Void
    private var scanner: FrameScanner
    private var held = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var share = TurnShare()
    /// Whether frames wait for a later turn.
    private(set) var isHeldOver = false
    /// Whether the channel is delivering the data of one socket read.
    private var isInRead = false
    /// Input is discarded: the connection is being closed.
    private var isDiscarding = false

    /// - Parameter awaitNextTurn: has `turnDidCome` called in a later turn of the event loop.
    init(headerBlock: Int, awaitNextTurn: @escaping (FrameGate) -> Void) {
        scanner = FrameScanner(headerBlock: headerBlock)
        self.awaitNextTurn = awaitNextTurn
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        (self.context, held) = (nil, ByteBuffer())
    }

    func channelInactive(context: ChannelHandlerContext) {
        (self.context, held) = (nil, ByteBuffer())
        context.fireChannelInactive()
    }

    /// From now on everything that arrives is discarded.
    func discardInput() {
        isDiscarding = true
        held = ByteBuffer()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDiscarding else { return }
        guard !isHeldOver else {
            held.writeImmutableBuffer(unwrapInboundIn(data))
            return
        }
        if !isInRead { share.renew() }
        isInRead = true
        pass(unwrapInboundIn(data), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isInRead = false
        context.fireChannelReadComplete()
    }

    func turnDidCome() {
        isHeldOver = false
        // The connection may have ended meanwhile, with the frames that waited.
        guard let context else { return }
        share.renew()
        var bytes = ByteBuffer()
        swap(&bytes, &held)
        pass(bytes, context)
        context.fireChannelReadComplete()
        if !isHeldOver { setReading(true) }
    }

    private func holdOver() {
        isHeldOver = true
        setReading(false)
        awaitNextTurn(self)
    }

    private func setReading(_ isReading: Bool) {
        try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    private func pass(_ came: ByteBuffer, _ context: ChannelHandlerContext) {
        let passage = came.withUnsafeReadableBytes { scanner.scan($0, share: &share) }
        if passage.count == came.readableBytes, !passage.isFlooded { return context.fireChannelRead(wrapInboundOut(came)) }
        var rest = came
        if passage.count > 0, let slice = rest.readSlice(length: passage.count) { context.fireChannelRead(wrapInboundOut(slice)) }
        // What has passed may have closed the connection.
        guard !isDiscarding, self.context != nil else { return }
        if passage.isFlooded {
            discardInput()
            context.fireErrorCaught(FrameFlood())
        } else {
            // A new buffer: a slice would keep the memory of everything that has passed.
            held = ByteBuffer(bytes: rest.readableBytesView)
            holdOver()
        }
    }
}

/// More frames of a kind than any client needs (`FrameFloods`).
struct FrameFlood: Error {}
