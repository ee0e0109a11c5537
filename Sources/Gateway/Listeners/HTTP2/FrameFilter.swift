import NIOCore

/// Filters the bytes of an HTTP/2 connection before the library that reads its frames, because that would accept two settings and any number of
/// frames as they come.
///
/// 1. SETTINGS_HEADER_TABLE_SIZE of the caller (RFC 9113 section 6.5.2) is an offer: an encoder may use less (RFC 7541 section 4.2). The library
///    would use all of 4 GiB, and search it for every field of every answer. It gets `headerTable` at most.
/// 2. Our own SETTINGS_MAX_HEADER_LIST_SIZE comes into force in the library when the caller acknowledges it, and until then a head of more than
///    16 KiB ends the connection. The limit is ours and needs no consent, so this handler generates the acknowledgement in the caller's
///    place, and drops the caller's own when it comes.
/// 3. In one turn of the event loop as many frames pass as `TurnShare` allows. Further frames of the same read wait here for later turns, and
///    nothing more is read meanwhile.
/// 4. Only DATA passes before the whole frame has arrived. The library appends the bytes of an unfinished frame to the buffer of the frames that it
///    has already read, and frees that buffer only when it is empty: if every packet of a caller ended within a frame, it would grow without bound.
///
/// Everything else passes as it is; at most one frame is held.
final class FrameFilter: ChannelInboundHandler, TurnParticipant {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Bytes of the table of fields that answers refer to.
    static let headerTable: UInt32 = 4_096

    private static let preface = 24
    private static let frameHead = 9
    /// Without our own SETTINGS_MAX_FRAME_SIZE no frame may be longer; a longer one is answered by the
    /// library.
    private static let longestFrame = 1 << 14
    private static let data: UInt8 = 0
    private static let settings: UInt8 = 4
    private static let acknowledgement: UInt8 = 1
    private static let headerTableSize: UInt16 = 1

    /// The number of bytes that pass before the next frame's head.
    private var passing = FrameFilter.preface
    private var held = ByteBuffer()
    private var hasAcknowledged = false
    private var hasDropped = false

    private let awaitNextTurn: (FrameFilter) -> Void
    private var context: ChannelHandlerContext?
    private var share = TurnShare()
    /// Whether frames wait for a later turn.
    private(set) var isHeldOver = false
    /// Whether the channel is delivering the data of one socket read.
    private var isInRead = false
    /// Input is discarded: the connection is being closed.
    private var isDeaf = false

    /// - Parameter awaitNextTurn: has `turnDidCome` called in a later turn of the event loop.
    init(awaitNextTurn: @escaping (FrameFilter) -> Void) {
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
    func stopListening() {
        isDeaf = true
        held = ByteBuffer()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isDeaf else { return }
        guard !isHeldOver else {
            held.writeBuffer(&bytes)
            return
        }
        if !isInRead { share.renew() }
        isInRead = true
        if held.readableBytes > 0 {
            held.writeBuffer(&bytes)
            swap(&held, &bytes)
            held = ByteBuffer()
        }
        pass(bytes, context)
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
        var bytes = came
        var position = 0
        while position < bytes.readableBytes {
            if passing > 0 {
                let count = min(passing, bytes.readableBytes - position)
                passing -= count
                position += count
                continue
            }
            guard !share.isUsedUp else {
                holdOver()
                break
            }
            guard let frame = frame(in: &bytes, at: position) else { break }
            share.take()
            switch frame {
            case .passes(let length):
                passing = length
            case .settings(let length):
                position += length
                if !hasAcknowledged {
                    hasAcknowledged = true
                    forward(&bytes, position, context)
                    position = 0
                    let acknowledgement = [0, 0, 0, Self.settings, Self.acknowledgement, 0, 0, 0, 0] as [UInt8]
                    context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: acknowledgement)))
                }
            case .acknowledgement:
                hasDropped = true
                forward(&bytes, position, context)
                bytes.moveReaderIndex(forwardBy: Self.frameHead)
                position = 0
            }
        }
        forward(&bytes, position, context)
        // A new buffer: appended to the old one, what is held would keep the memory of everything that has passed.
        held = isDeaf ? ByteBuffer() : ByteBuffer(bytes: bytes.readableBytesView)
    }

    private func forward(_ bytes: inout ByteBuffer, _ count: Int, _ context: ChannelHandlerContext) {
        guard count > 0, let slice = bytes.readSlice(length: count) else { return }
        context.fireChannelRead(wrapInboundOut(slice))
    }

    private enum Frame {
        /// A frame of this length, including its head.
        case passes(Int)
        case settings(Int)
        /// The caller's acknowledgement of settings that were acknowledged in its place.
        case acknowledgement
    }

    /// The frame that begins at a position; nil when more bytes are needed to determine it.
    private func frame(in bytes: inout ByteBuffer, at position: Int) -> Frame? {
        let start = bytes.readerIndex + position
        // The length has 24 bits, and the type follows in the same word.
        guard bytes.readableBytes - position >= Self.frameHead, let word: UInt32 = bytes.getInteger(at: start),
            let flags: UInt8 = bytes.getInteger(at: start + 4)
        else { return nil }
        let whole = Int(word >> 8) + Self.frameHead
        let kind = UInt8(truncatingIfNeeded: word)
        guard kind != Self.data, whole <= Self.longestFrame + Self.frameHead else { return .passes(whole) }
        guard bytes.readableBytes - position >= whole else { return nil }
        guard kind == Self.settings else { return .passes(whole) }
        if flags & Self.acknowledgement != 0 {
            return whole == Self.frameHead && hasAcknowledged && !hasDropped ? .acknowledgement : .passes(whole)
        }
        cap(&bytes, start + Self.frameHead..<start + whole)
        return .settings(whole)
    }

    private func cap(_ bytes: inout ByteBuffer, _ payload: Range<Int>) {
        for entry in stride(from: payload.lowerBound, to: payload.upperBound - 5, by: 6) {
            guard bytes.getInteger(at: entry, as: UInt16.self) == Self.headerTableSize, let value: UInt32 = bytes.getInteger(at: entry + 2),
                value > Self.headerTable
            else { continue }
            bytes.setInteger(Self.headerTable, at: entry + 2)
        }
    }
}
