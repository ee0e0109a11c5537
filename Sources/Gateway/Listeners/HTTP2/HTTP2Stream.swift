import NIOCore

/// One stream of HTTP/2: one request in, one answer out. `RequestReader` handles the request, the connection's session the frames.
///
/// Invariants, all on the connection's event loop:
/// 1. The window opens again only by what the request's reader has taken, and not once the request is answered.
/// 2. An answer that can't be completed ends in RST_STREAM, never in END_STREAM.
/// 3. The session has at most `WireLimits.writeHighWatermark` and one more piece of an answer waiting here, of all answers of the connection
///    `StreamLimits.unsentAnswers` and one more piece of each. It gets nothing while the connection takes no bytes, so that a caller that opens
///    streams, resets them and reads nothing leaves nothing in the session.
final class HTTP2Stream {
    private let id: Int32
    private let connection: StreamConnection
    private let worker: Worker
    private let reader: RequestReader
    var deadline: NIODeadline?
    let outlivesRequest = false
    private var hasHead = false
    private var isRequestWhole = false
    /// What `Content-Length` announces, and what has come.
    private var announced: Int?
    private var received = 0

    /// The answer's head, while it waits for the end of the event loop turn.
    private var head: DownstreamHead?
    private var pending = ByteBuffer()
    private var isAnswerWhole = false
    /// What is pending is sent, and then the stream is reset.
    private var isCut = false
    /// Heads that the session has not sent yet, 100 Continue among them.
    private var headsUnderWay = 0
    private var hasBegun = false
    /// Whether the session waits for more of the answer.
    private var isAwaited = false
    /// Whether the exchange that writes the answer has been told to wait until less is pending.
    private var isPaused = false
    private var isFlushScheduled = false
    private var isReset = false
    /// Whether it waits until the connection takes bytes again.
    private(set) var isHeldBack = false
    private var hasLeft = false
    private var isUnread = false
    /// Bytes of the body that were written; those that the session has put into its output; and those that are known to have arrived.
    private var (handed, sent, arrived) = (0, 0, 0)
    /// How much had been sent when `arrived` was last determined, and at the last deadline.
    private var (sentAtLook, sentAtDeadline) = (0, 0)
    /// The part of the page budget that an answer uses which was made as a whole.
    private var loan: PageLoan?

    init(_ id: Int32, of connection: StreamConnection) {
        self.id = id
        self.connection = connection
        self.worker = connection.worker
        self.reader = RequestReader(worker: connection.worker, origin: connection.origin)
        reader.carrier = self
    }

    /// The session is done with the stream.
    func leave() {
        guard !hasLeft else { return }
        lookAtArrival()
        hasLeft = true
        deadline = nil
        // Bounded: `unsent` counts those that are pending.
        connection.unsent -= pending.readableBytes
        (head, pending, loan) = (nil, ByteBuffer(), nil)
        if isUnread { worker.unread.ended() }
        worker.ticks.leave(self)
    }
}

// MARK: - The request

extension HTTP2Stream {
    /// A head, or trailers.
    /// - Parameter loan: what a large head uses of `limits.bodies`.
    func take(_ fields: StreamFields, _ loan: consuming BodyLoan?, endsStream: Bool) {
        if endsStream { isRequestWhole = true }
        guard hasHead else {
            hasHead = true
            return begin(fields, loan)
        }
        // Trailers are dropped: no operation of HSS needs any. Nothing may follow them.
        guard fields.areTrailers, endsStream else {
            connection.sawFault()
            return reader.fail(StreamHead.malformed)
        }
        complete()
    }

    /// A head, or trailers, that nobody looks at.
    func refuse(_ refusal: Refusal, endsStream: Bool) {
        if endsStream { isRequestWhole = true }
        hasHead = true
        reader.fail(refusal)
    }

    private func begin(_ block: StreamFields, _ loan: consuming BodyLoan?) {
        let request = StreamHead(block, isWhole: isRequestWhole, limits: worker.limits)
        if request.breaksProtocol { connection.sawFault() }
        if case .success(.length(let length)) = request.framing { announced = length }
        reader.begin(request.head, request.fields, framing: request.framing, loan)
        if isRequestWhole { reader.complete() }
    }

    /// Returns whether more may come in its place.
    func take(_ data: UnsafeRawBufferPointer) -> Bool {
        // Bounded: a stream carries no 2^63 bytes.
        received += data.count
        if let announced, received > announced {
            failLength()
        } else if !reader.isIdle, !reader.isExchanging {
            reader.take(ByteBuffer(bytes: data))
        }
        return !reader.isIdle && !reader.isExchanging
    }

    func dataDidEnd() {
        isRequestWhole = true
        complete()
    }

    private func complete() {
        if let announced, received < announced { failLength() } else { reader.complete() }
    }

    private func failLength() {
        guard !reader.isIdle, !reader.isExchanging else { return }
        connection.sawFault()
        reader.fail(StreamHead.wrongLength)
    }

    /// Its head, or its trailers, have begun and don't end.
    func fieldsAreLate() {
        reader.fail(hasHead ? WireFault.slowBody : WireFault.slowHead)
    }

    func deadlineDidPass() {
        deadline = nil
        switch reader.state {
        case .receiving, .discarding: reader.fail(WireFault.slowBody)
        // The caller doesn't read what is there of its answer. One that reads slowly gets more time.
        case .idle where sent > sentAtDeadline, .exchanging where sent > sentAtDeadline:
            sentAtDeadline = sent
            deadline = .now() + worker.limits.idleTimeout
        case .idle, .exchanging:
            guard !isReset else { return connection.takesNothing() }
            reset(.cancel)
            // In case that the reset can't leave either.
            if !hasLeft { deadline = .now() + worker.limits.idleTimeout }
        }
    }
}

// MARK: - The answer

extension HTTP2Stream: RequestCarrier, TickParticipant {
    func permitBody() {
        guard !hasLeft else { return }
        headsUnderWay += 1
        connection.session.permitBody(on: id)
        connection.scheduleSend()
    }

    /// The stream carries nothing else; the caller is asked to stop sending once the answer is out.
    func cutShort() {}

    func begin(_ head: DownstreamHead) {
        self.head = head
        scheduleFlush()
    }

    var wantsBareRefusals: Bool { worker.unread.areTooMany(for: worker.limits.connections) }

    func hold(_ loan: PageLoan) {
        if !hasLeft { self.loan = loan }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Bounded: a stream carries no 2^63 bytes.
        handed += bytes.count
        // If the caller has disconnected, nothing more is written; its exchange is about to be notified.
        guard !hasLeft else { return false }
        if pending.storageCapacity == 0 { pending = worker.outputs.take(for: bytes.count) }
        // Otherwise a buffer that is never quite empty would grow without bound.
        if pending.writableBytes < bytes.count { pending.discardReadBytes() }
        pending.writeBytes(bytes)
        // Bounded: they are in memory.
        connection.unsent += bytes.count
        guard isTooMuchPending else {
            scheduleFlush()
            return true
        }
        flush()
        connection.sendAtOnce()
        isPaused = isTooMuchPending
        // A caller that reads nothing holds the request's place no longer than that.
        if isPaused, !hasLeft { (sentAtDeadline, deadline) = (sent, .now() + worker.limits.idleTimeout) }
        return !isPaused && !hasLeft
    }

    /// Of this answer, or of all answers of the connection: a caller whose windows stay closed would leave a hundred of them.
    private var isTooMuchPending: Bool {
        pending.readableBytes >= WireLimits.writeHighWatermark || pending.readableBytes > 0 && connection.unsent >= StreamLimits.unsentAnswers
    }

    var isOverfull: Bool { connection.unsent >= StreamLimits.unsentAnswers + SharedReads.answerBytes }

    func end() {
        isAnswerWhole = true
        reader.didAnswer()
        // The rest of the answer waits for the caller's window, but not forever.
        if !hasLeft { deadline = .now() + worker.limits.idleTimeout }
        scheduleFlush()
    }

    /// What was received is passed on, within the caller's windows; without END_STREAM it can't be mistaken for a complete answer.
    func abort() {
        isCut = true
        guard !hasLeft else { return }
        reader.didAnswer()
        deadline = .now() + worker.limits.idleTimeout
        guard hasBegun || head != nil else { return reset(.internalError) }
        flush()
        endIfCut()
    }

    /// Resets the stream when everything that is there of a cut answer has been sent; before, a reset would destroy it.
    private func endIfCut() {
        if isCut, hasBegun, headsUnderWay == 0, pending.readableBytes == 0 { reset(.internalError) }
    }

    var bytesLostByEnd: Int { hasLeft ? handed - arrived : 0 }

    /// Any of the connection's bytes that have not arrived may be this stream's.
    func lookAtArrival() {
        guard !isAnswerWhole, sent > arrived, let backlog = connection.backlog else { return }
        sentAtLook = sent
        arrived = max(arrived, sent - backlog)
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard !hasLeft else { return }
        isReset = true
        connection.session.reset(id, code)
        connection.scheduleSend()
    }

    private func scheduleFlush() {
        guard !isFlushScheduled, !hasLeft else { return }
        isFlushScheduled = true
        worker.ticks.flush(self)
    }

    /// Lets the session send what is there.
    func flush() {
        guard !hasLeft else { return }
        if isAnswerWhole, !isUnread {
            isUnread = true
            worker.unread.began()
        }
        isHeldBack = !connection.isWritable
        guard !isHeldBack else { return connection.holdBack() }
        if let head {
            self.head = nil
            hasBegun = true
            headsUnderWay += 1
            connection.session.answer(head, on: id, isWhole: isAnswerWhole && pending.readableBytes == 0)
        } else if isAwaited, pending.readableBytes > 0 || isAnswerWhole {
            isAwaited = false
            connection.session.resume(id)
        }
        connection.scheduleSend()
    }

    func tickDidEnd() {
        isFlushScheduled = false
        flush()
    }

    /// Less of the answer is pending.
    func resumeReading() {
        if case .exchanging(let exchange) = reader.state { exchange.downstreamDidDrain() }
    }

    func didLeave() {
        reader.abandon()
    }
}

// MARK: - What the session asks for

extension HTTP2Stream {
    func nextData(atMost limit: Int) -> HTTP2Session.Piece? {
        let count = min(pending.readableBytes, limit)
        guard count > 0 || isAnswerWhole else {
            isAwaited = true
            return nil
        }
        // Of an answer that leaves in one piece nothing is determined.
        if sent - sentAtLook >= WireLimits.writeHighWatermark { lookAtArrival() }
        return HTTP2Session.Piece(count: count, isLast: isAnswerWhole && count == pending.readableBytes)
    }

    func move(_ count: Int, into output: inout ByteBuffer) {
        pending.withUnsafeReadableBytes { bytes in
            _ = output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
        }
        pending.moveReaderIndex(forwardBy: min(count, pending.readableBytes))
        // Bounded: a stream carries no 2^63 bytes, and `unsent` counts those that are pending.
        sent += count
        connection.unsent -= count
        if pending.readableBytes == 0 {
            var emptied = ByteBuffer()
            swap(&emptied, &pending)
            worker.outputs.giveBack(emptied)
        }
        guard isPaused, pending.readableBytes <= WireLimits.writeLowWatermark else { return }
        isPaused = false
        if reader.isExchanging { deadline = nil }
        worker.ticks.resume(self)
    }

    func didSendHead() {
        if headsUnderWay > 0 { headsUnderWay -= 1 }
        endIfCut()
    }

    func didSendData() {
        endIfCut()
    }

    /// RFC 9113 section 8.1: a server that answers before the request is complete asks the client, without an error, to stop
    /// sending it.
    func didSendEnd() {
        if !isRequestWhole { reset(.noError) }
    }
}
