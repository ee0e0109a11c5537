import Glibc
import NIOCore
import NIOHTTP1

/// One connection of a caller that speaks HTTP/1.1: bytes of requests in, bytes of responses out, one request at a time in the order
/// they came (RFC 9112 section 9.3.2). It handles the connection; `RequestReader` handles requests.
///
/// Invariants, all on the channel's event loop:
/// 1. While a request waits for its answer, bytes of later ones wait in the decoder, and nothing is read from the socket meanwhile.
/// 2. `deadline` is when the worker's sweep (its regular check of all deadlines) acts on this connection; nil while only HSS is waited for.
/// 3. In one turn of the event loop no more is taken from the decoder than `TurnShare` allows. The rest stays in it for a later turn, and nothing
///    is read meanwhile.
/// 4. No request begins while earlier answers still wait for the caller to read them, so that a caller that sends and never reads can't make answers
///    pile up.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case open
        /// The last answer is out; what still arrives is discarded until the caller closes or the time is up.
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
    /// Whether the current request is the last one.
    var isLeaving = false
    /// The response that is being written.
    var encoder = HTTP1ResponseEncoder()
    var output = ByteBuffer()
    /// Whether `output` has memory.
    private var hasRoom = false
    var isFlushScheduled = false
    /// Whether only the connection's end says where the answer's body ends (HTTP/1.0).
    var isDelimitedByEnd = false
    /// When the sweep acts; nil while the caller has nothing to do.
    var deadline: NIODeadline?
    /// Whether a read is pending. Requesting it again would change nothing, and cost 900 instructions per request.
    private var isReadAsked = false
    /// The channel's last value; querying the channel would go through its pipeline.
    private(set) var isWritable = true
    /// Whether it is one more than `limits.connections`: it is refused once its protocol is known, or when it has said nothing for a while.
    private(set) var isSurplus = false
    /// Whether a head is known to have begun.
    var isHeadUnfinished = false
    /// Whether a byte has arrived after TLS and the choice of protocol.
    private(set) var hasReceived = false
    /// How much of the output has arrived.
    var receipt = OutputReceipt()
    /// Created at first use.
    var backlog: SocketBacklog?
    /// The channel's buffered bytes at the last deadline: a caller that reads its answer slowly gets more time.
    var heldAtDeadline = Int.max
    /// What input that no request has taken yet uses of `limits.bodies`.
    private var waiting = WaitingInput()
    /// The part of `worker.pages` that a page made in memory occupies, until the channel has taken it.
    var loan: PageLoan?
    /// How much input it may still process in this event loop turn.
    private var share = TurnShare()
    /// Whether input waits for a later turn.
    private(set) var isHeldOver = false
    /// Whether the channel is delivering the data of one socket read, in one piece or, under TLS, in several.
    private var isInRead = false

    init(worker: Worker, origin: ConnectionOrigin) {
        self.worker = worker
        self.origin = origin
        self.decoder = RequestDecoder(limits: worker.limits)
        self.reader = RequestReader(worker: worker, origin: origin)
        reader.carrier = self
    }

    private var isExchanging: Bool { reader.isExchanging }
    /// A request that has begun is read to its end, even while its caller doesn't read answers.
    private var mayTakeInput: Bool { isWritable || !isIdle }
    var isIdle: Bool { phase == .open && reader.isIdle }
    var outlivesRequest: Bool { keepsAlive }
}

// MARK: - Channel events

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
        isSurplus = worker.connections.isFull
        deadline = .now() + (isSurplus ? WireLimits.lingering : worker.isDraining ? worker.limits.lastRequests : worker.limits.idleTimeout)
        read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline = nil
        self.context = nil
        loan = nil
        worker.ticks.leave(self)
        context.fireChannelInactive()
    }

    /// The connection has ended, and no handler or exchange uses it any more.
    func didLeave() {
        phase = .closed
        reader.abandon()
        worker.connections.remove(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    /// The connection speaks HTTP/1.1.
    func protocolIsKnown() {
        if isSurplus, isIdle { reader.fail(WireFault.tooManyConnections) }
    }

    /// The connection speaks HTTP/2, and another handler serves it from now on.
    func stepAside() {
        phase = .closed
        deadline = nil
        worker.connections.remove(self)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes arrived, and none reached this handler: a TLS handshake or a preface is under way, which has as much time as a head.
        if isIdle, !hasReceived, !isHeadUnfinished { headDidBegin() }
        isReadAsked = false
        isInRead = false
        // The caller may have closed. A closed socket can't be asked any more how much of an answer arrived, so it is asked now.
        lookAtReceipt()
        readIfWanted()
        context.fireChannelReadComplete()
    }

    /// While a request waits for its answer one read stays requested, and none after it has returned data: the kernel's buffer
    /// then provides the backpressure. Requesting none at all would bound memory as well, but NIO would remove the socket from
    /// its epoll set and add it again for each request (two of nine system calls at 64 connections).
    func readIfWanted() {
        switch phase {
        case .open: if !isHeldOver, !isExchanging && mayTakeInput || !decoder.hasInput { read() }
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
        if isExchanging { deadline = isWritable ? nil : .now() + worker.limits.idleTimeout }
        if isWritable {
            loan = nil
            if case .exchanging(let exchange) = reader.state { exchange.downstreamDidDrain() }
            if isIdle, decoder.hasInput { worker.ticks.resume(self) }
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection: no error can be sent.
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
        guard !isHeldOver else { return }
        if !isInRead { share.renew() }
        isInRead = true
        proceed()
    }

    /// Processes what arrived until a request waits for its answer, or this turn's share is used up.
    func proceed() {
        while phase == .open, !isExchanging {
            guard !share.isUsedUp else { return holdOver() }
            guard mayTakeInput else { return }
            do throws(Refusal) {
                let part = try decoder.next()
                if let announced = decoder.announcedBytes { reader.expect(bodyBytes: announced) }
                guard let part else { break }
                share.take()
                handle(part)
            } catch {
                reader.fail(error)
            }
        }
        noteUnfinishedHead()
        if !waiting.hold(decoder.largeInput, in: worker.bodies) { reader.fail(Refusal.tooManyBodies) }
    }

    private func holdOver() {
        guard !isHeldOver else { return }
        isHeldOver = true
        worker.turns.wait(self)
    }

    func turnDidCome() {
        isHeldOver = false
        // The caller may have disconnected meanwhile.
        guard context != nil else { return }
        share.renew()
        proceed()
        readIfWanted()
    }

    private func handle(_ part: RequestDecoder.Part) {
        switch part {
        case .head(let head, let fields, let framing): begin(head, fields, framing)
        case .body(let bytes): reader.take(bytes)
        case .end: reader.complete()
        }
    }

    /// A head that has begun has its own, shorter deadline.
    private func noteUnfinishedHead() {
        if isIdle, decoder.isInHead, !isHeadUnfinished { headDidBegin() }
    }

    /// The first byte of TLS has come.
    func handshakeDidBegin() {
        if isIdle, !isHeadUnfinished { headDidBegin() }
    }

    /// From now on the bytes are those of the protocol within TLS.
    func handshakeDidEnd() {
        hasReceived = true
        isHeadUnfinished = false
        if isIdle { deadline = .now() + (worker.isDraining ? worker.limits.lastRequests : worker.limits.idleTimeout) }
    }

    private func headDidBegin() {
        isHeadUnfinished = true
        if !isSurplus { deadline = .now() + worker.limits.headerTimeout }
    }

    private func begin(_ head: HTTPRequestHead, _ fields: InboundFields, _ framing: Result<WireJudge.Framing, Refusal>) {
        // The decoder never returns a head within a message.
        precondition(isIdle, "parts of a request out of order")
        isHTTP10 = head.version == .http1_0
        isHeadUnfinished = false
        keepsAlive = !worker.isDraining && !isLeaving && KeepAlive.isWanted(by: head, fields)
        guard decoder.headLength > WireLimits.smallHead else { return reader.begin(head, fields, framing: framing) }
        let loan = waiting.take(decoder.headLength, of: worker.bodies)
        reader.begin(head, fields, framing: loan == nil ? .failure(Refusal.tooManyBodies) : framing, loan)
    }
}

// MARK: - Responses out

extension ConnectionHandler: RequestCarrier, TickParticipant, TurnParticipant {
    func begin(_ head: DownstreamHead) {
        isDelimitedByEnd = isHTTP10 && head.framing == .unknown
        if isDelimitedByEnd { keepsAlive = false }
        receipt.begin()
        makeRoom(for: 0)
        encoder.encode(head, isHTTP10: isHTTP10, closes: !keepsAlive, into: &output)
        scheduleFlush()
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        makeRoom(for: bytes.count)
        encoder.encode(body: bytes, into: &output)
        if output.readableBytes >= WireLimits.flushedAtOnce { flush() } else { scheduleFlush() }
        // If the caller has disconnected, nothing more is written; its exchange is about to be notified.
        return isWritable && context != nil
    }

    func end() {
        if encoder.isChunked {
            makeRoom(for: 0)
            encoder.encodeEnd(into: &output)
        }
        guard phase == .open, reader.isExchanging else { return }
        if keepsAlive {
            reader.didAnswer()
            deadline = .now() + worker.limits.idleTimeout
            scheduleFlush()
            // Input that waits is processed at the end of the event loop turn, not within the exchange that just ended.
            worker.ticks.resume(self)
        } else {
            endAfterAnswer()
        }
    }

    func abort() {
        keepsAlive = false
        // What was received is passed on, however slowly the caller reads. A length or chunks show that it is
        // incomplete.
        guard isDelimitedByEnd else { return endAfterAnswer() }
        // An answer that is delimited by the connection's end must not look complete: RST rather than FIN, although bytes under way are
        // lost by it.
        flush()
        phase = .closed
        (context?.channel as? any SocketOptionProvider)?.setSoLinger(Glibc.linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        context?.close(promise: nil)
    }

    /// Lets the caller read its answer although it may still be sending: closing at once would make the kernel answer those
    /// bytes with a reset that destroys the response on its way.
    private func endAfterAnswer() {
        phase = .lingering
        decoder.fail()
        waiting = WaitingInput()
        reader.didAnswer()
        deadline = .now() + WireLimits.lingering
        flush(thenCloseOutput: true)
        read()
    }

    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        worker.ticks.flush(self)
    }

    /// Takes an output buffer if there is none: between two flushes a connection has none.
    func makeRoom(for bytes: Int) {
        guard !hasRoom else { return }
        hasRoom = true
        output = worker.outputs.take(for: bytes)
    }

    func flush(thenCloseOutput closes: Bool = false) {
        let bytes = takeOutput()
        // Before the write: when it fails, the socket is closed at once.
        lookAtReceipt()
        receipt.hand(bytes.readableBytes, endsAnswer: !reader.isExchanging)
        guard let context else { return }
        if bytes.readableBytes > 0 {
            write(bytes, to: context)
            worker.outputs.giveBack(consume bytes)
            if isWritable { loan = nil }
        }
        if closes { context.channel.close(mode: .output, promise: nil) }
    }

    private func takeOutput() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &output)
        hasRoom = false
        return taken
    }

    /// A function of its own and never inlined: its wrapper around the buffer must be released before the buffer is given back. Otherwise the
    /// buffer would still have another reference and could not be used again.
    @inline(never)
    private func write(_ bytes: borrowing ByteBuffer, to context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(copy bytes), promise: nil)
    }

    /// The event loop's turn ends: writes what was collected.
    func tickDidEnd() {
        isFlushScheduled = false
        flush()
    }

    /// The answer is out and the next request may begin.
    func resumeReading() {
        if decoder.hasInput, !isHeldOver { proceed() }
        readIfWanted()
    }
}
