import NIOCore

/// One connection of a caller that speaks HTTP/2: bytes between its socket and its session, its streams, how long it may stay open, and how it ends.
///
/// Invariants, all on the channel's event loop:
/// 1. It is in the worker's registry from the moment it takes over to its end, and counts as one connection however many streams
///    it has.
/// 2. A stream that reaches its deadline ends alone; a connection without streams ends when it was idle for too long.
/// 3. What the session has to send leaves at the end of the event loop turn, in one write: without this ten answers that end in one turn would cost
///    ten system calls and, over TLS, ten records. More than `WireLimits.flushedAtOnce` leaves earlier.
/// 4. While the channel takes no more, the session is asked for nothing.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let worker: Worker
    let origin: ConnectionOrigin
    let session: HTTP2Session
    private var streams: [Int32: HTTP2Stream] = [:]
    private var arriving = ArrivingFields()
    /// The stream whose head or trailers didn't arrive in time.
    private var lateStream: Int32?
    private let largestHead: Int
    private var context: ChannelHandlerContext?
    /// The channel's last value.
    private(set) var isWritable = true
    /// Bytes of answers that the streams have not handed to the session yet.
    var unsent = 0
    /// Whether streams hold back what they would send.
    private var holdsBack = false
    private var isSendScheduled = false
    private var isSending = false
    /// Bytes of the last write: the next buffer gets room for as many, so that a download doesn't grow each one step by step.
    private var lastOutput = 0
    private var idleSince = NIODeadline.now()
    private var isLeaving = false
    /// Whether the caller knows why the connection ends, or can't be told: then no GOAWAY follows.
    private var needsNoGoAway = false
    /// Until when streams may still begin that were sent before our GOAWAY arrived.
    private var leavesAt: NIODeadline?
    /// Until when written data may still leave; nil while the connection isn't being closed.
    private var closingUntil: NIODeadline?
    /// Whether the output ends once the session has nothing more to send, and whether it has ended.
    private var (endsOutput, hasEndedOutput) = (false, false)
    private var faults = FrameRate(limit: StreamLimits.faultyStreams)
    /// The bytes that had not reached the caller when that time was last up.
    private var backlogWhenClosing = Int.max
    /// Created at first use.
    private var socketBacklog: SocketBacklog?
    /// Whether it is one more than `limits.connections`: its requests are refused.
    private let isSurplus: Bool
    /// Where its frames come from.
    private let input: FrameGate

    private init(of old: ConnectionHandler) {
        worker = old.worker
        origin = old.origin
        isSurplus = old.isSurplus
        let headerBlock = worker.limits.headerBlock
        session = HTTP2Session(headerBlock: headerBlock)
        largestHead = StreamLimits.readHead(headerBlock: headerBlock)
        let turns = worker.turns
        input = FrameGate(headerBlock: headerBlock) { turns.wait($0) }
        session.observer = self
    }

    /// Replaces a connection's handler for HTTP/1.1, which has seen no request yet.
    static func takeOver(from old: ConnectionHandler, behind first: ProtocolSwitch, in context: ChannelHandlerContext) throws {
        let connection = StreamConnection(of: old)
        _ = old.worker.connections.insert(connection)
        old.stepAside()
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(old, promise: nil)
        try pipeline.addHandlers([connection.input, connection], position: .after(first))
        // Frames are read as they come: the windows bound the data in them, and the limits on control frames bound the
        // rest.
        try context.channel.syncOptions?.setOption(.autoRead, value: true)
        if connection.worker.isDraining || connection.isSurplus { connection.beginDraining() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isWritable = context.channel.isWritable
        // Our own settings.
        scheduleSend()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        for stream in streams.values { stream.leave() }
        streams = [:]
        context = nil
        worker.connections.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        for stream in streams.values { stream.lookAtArrival() }
        if error is FrameFlood { return endForAbuse() }
        // What was written before must not be lost.
        (isLeaving, needsNoGoAway) = (true, true)
        closeBehindWrites(within: WireLimits.lingering)
    }
}

// MARK: - Bytes

extension StreamConnection {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isWell = unwrapInboundIn(data).withUnsafeReadableBytes { session.receive($0) }
        if !isWell { return giveUp() }
        arriving.noteTime(within: worker.limits)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !isWritable, session.waitingFrames > StreamLimits.bufferedFrames { return endForAbuse() }
        if session.wantsToSend { scheduleSend() }
        endIfDone()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if isWritable, !isSending {
            flushWhatIsHeldBack()
            scheduleSend()
        }
        context.fireChannelWritabilityChanged()
    }

    /// What the session has to send is sent at the end of the event loop turn.
    func scheduleSend() {
        guard !isSendScheduled, context != nil else { return }
        isSendScheduled = true
        worker.ticks.send(behindStreams: self)
    }

    /// Much is there to be sent.
    func sendAtOnce() {
        if session.isBusy || isSending { scheduleSend() } else { sendWhatIsThere() }
    }

    /// The streams that had something to send in this turn have handed it over.
    func send() {
        isSendScheduled = false
        sendWhatIsThere()
    }

    private func sendWhatIsThere() {
        guard !isSending, !session.isBusy else { return scheduleSend() }
        isSending = true
        while isWritable, context != nil, session.wantsToSend {
            if session.output.storageCapacity == 0 { session.output = worker.outputs.take(for: lastOutput) }
            let hasMore = session.fill(atLeast: WireLimits.flushedAtOnce)
            writeOutput()
            if !hasMore { break }
        }
        isSending = false
        // The channel may have taken everything meanwhile.
        if isWritable { flushWhatIsHeldBack() }
        endIfDone()
    }

    /// A stream holds back what it has to send, since the channel takes no more.
    func holdBack() {
        holdsBack = true
    }

    private func flushWhatIsHeldBack() {
        guard holdsBack else { return }
        holdsBack = false
        for stream in streams.values where stream.isHeldBack { stream.flush() }
    }

    private func writeOutput() {
        var bytes = ByteBuffer()
        swap(&bytes, &session.output)
        lastOutput = bytes.readableBytes
        if bytes.readableBytes > 0 { write(bytes) }
        worker.outputs.giveBack(consume bytes)
    }

    /// A function of its own and never inlined, as in `ConnectionHandler`: only so can the buffer be used again.
    @inline(never)
    private func write(_ bytes: borrowing ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(copy bytes), promise: nil)
    }
}

// MARK: - Streams

extension StreamConnection: HTTP2SessionObserver {
    func streamDidBegin(_ id: Int32) {
        arriving.begin(of: id, areTrailers: false)
        streams[id] = HTTP2Stream(id, of: self)
    }

    func trailersDidBegin(on id: Int32) {
        arriving.begin(of: id, areTrailers: true)
    }

    func take(field name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        arriving.take(name, value, within: worker.limits, worker.bodies)
        return arriving.fields.listSize <= largestHead
    }

    func fieldsDidEnd(on id: Int32, endsStream: Bool) {
        let fields = arriving.end()
        let loan = arriving.takeLoan()
        if isSurplus {
            streams[id]?.refuse(WireFault.tooManyConnections, endsStream: endsStream)
        } else {
            streams[id]?.take(fields, loan, endsStream: endsStream)
        }
    }

    func take(data: UnsafeRawBufferPointer, on id: Int32) {
        let mayMoreCome = streams[id]?.take(data) ?? false
        session.consume(data.count, on: mayMoreCome ? id : nil)
    }

    func dataDidEnd(on id: Int32) { streams[id]?.dataDidEnd() }

    func didSendHead(on id: Int32) { streams[id]?.didSendHead() }

    func didSendData(on id: Int32) { streams[id]?.didSendData() }

    func didSendEnd(on id: Int32) { streams[id]?.didSendEnd() }

    func nextData(on id: Int32, atMost limit: Int) -> HTTP2Session.Piece? { streams[id]?.nextData(atMost: limit) }

    func move(_ count: Int, on id: Int32, into output: inout ByteBuffer) { streams[id]?.move(count, into: &output) }

    func didResetFaultyStream() { sawFault() }

    func streamDidClose(_ id: Int32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        stream.leave()
        if id == lateStream { closeBehindWrites(within: WireLimits.lingering) }
        guard streams.isEmpty else { return }
        idleSince = .now()
        if isLeaving, leavesAt.map({ $0 <= .now() }) ?? true { closeBehindWrites(within: worker.limits.idleTimeout, ifIdle: true) }
    }

    /// A stream broke the protocol. A request with a faulty head is answered like every other refused one; HTTP/1.1 ends a connection at the first of
    /// them, HTTP/2 ends it after too many in a short time.
    func sawFault() {
        if faults.isExceeded(now: .now()), !isLeaving { endForAbuse() }
    }
}

// MARK: - The end

extension StreamConnection {
    /// A caller that abuses the connection is told so, and the connection ends.
    private func endForAbuse() {
        guard closingUntil == nil else { return }
        input.discardInput()
        (isLeaving, needsNoGoAway) = (true, true)
        session.sendGoAway(.enhanceYourCalm)
        scheduleSend()
        closeBehindWrites(within: WireLimits.lingering)
    }

    /// A head has begun and doesn't end. Nothing else can come before it does, so that the connection ends behind the answer.
    private func fieldsAreLate() {
        lateStream = arriving.stream
        _ = arriving.end()
        _ = arriving.takeLoan()
        input.discardInput()
        guard let stream = lateStream.flatMap({ streams[$0] }) else { return closeBehindWrites(within: WireLimits.lingering) }
        announceEnd()
        stream.fieldsAreLate()
    }

    /// A stream was reset, and not even that has left since.
    func takesNothing() {
        closeBehindWrites(within: WireLimits.lingering)
    }

    /// The session doesn't go on: a head is too large to be read to its end, or the library gives up.
    private func giveUp() {
        guard !session.isBroken else {
            (isLeaving, needsNoGoAway) = (true, true)
            return closeBehindWrites(within: WireLimits.lingering)
        }
        endForAbuse()
    }

    /// The connection is about to end.
    private func announceEnd() {
        isLeaving = true
        session.sendShutdownNotice()
        scheduleSend()
    }

    /// Closes after everything that is still to be written, above all the last stream's answer.
    /// - Parameter ifIdle: don't close if a stream begins before the GOAWAY is written.
    private func closeBehindWrites(within patience: TimeAmount, ifIdle: Bool = false) {
        guard closingUntil == nil else { return }
        closingUntil = .now() + patience
        // Not within the write that ended the last stream. Confined to this event loop, like everything here.
        context?.eventLoop.assumeIsolated().execute { [self] in
            guard context != nil else { return }
            guard !ifIdle || streams.isEmpty else {
                closingUntil = nil
                return
            }
            if !needsNoGoAway { session.sendGoAway() }
            isLeaving = true
            endsOutput = true
            sendAtOnce()
        }
    }

    /// Ends the connection when the session is done with it, and its output when it is being closed and nothing more is to be sent.
    private func endIfDone() {
        guard !hasEndedOutput, context != nil, !session.isBusy, !isSending, !session.wantsToSend else { return }
        if endsOutput { return endOutput() }
        guard !session.wantsToReceive else { return }
        (isLeaving, needsNoGoAway) = (true, true)
        closeBehindWrites(within: WireLimits.lingering)
    }

    /// The caller sees the end after everything that is written. What it still sends while it reads, above all acknowledgements and window updates,
    /// is read and discarded: after the socket is closed the kernel would answer it with a reset, which destroys what is under way.
    private func endOutput() {
        hasEndedOutput = true
        input.discardInput()
        closingUntil = .now() + WireLimits.lingering
        context?.channel.close(mode: .output, promise: nil)
    }

    /// Whether the caller has read some of the remaining data since the previous call. To be called each time `closingUntil` has passed.
    private var isTakingRest: Bool {
        let left = backlog ?? 0
        defer { backlogWhenClosing = left }
        return left > 0 && left < backlogWhenClosing
    }
}

extension StreamConnection: SweptConnection {
    var deadline: NIODeadline? {
        if let closingUntil { return closingUntil }
        let next = streams.isEmpty ? leavesAt ?? idleSince + worker.limits.idleTimeout : streams.values.lazy.compactMap(\.deadline).min()
        guard let last = arriving.until else { return next }
        return min(last, next ?? last)
    }

    func deadlineDidPass() {
        let now = NIODeadline.now()
        if closingUntil != nil {
            // A caller that doesn't even read the GOAWAY is cut off.
            guard isTakingRest else { return cut() }
            closingUntil = now + worker.limits.idleTimeout
            return
        }
        if let last = arriving.until, last <= now { return fieldsAreLate() }
        if streams.isEmpty { return closeBehindWrites(within: WireLimits.lingering, ifIdle: true) }
        for stream in Array(streams.values) {
            if let deadline = stream.deadline, deadline <= now { stream.deadlineDidPass() }
        }
    }

    /// No new stream is accepted, and the open ones end with their answer.
    func beginDraining() {
        announceEnd()
        leavesAt = .now() + worker.limits.lastRequests
    }

    func cut() {
        for stream in streams.values { stream.lookAtArrival() }
        context?.close(promise: nil)
    }

    /// Bytes of all its streams that were sent and have not arrived.
    var backlog: Int? {
        guard let context, let unarrived = socket(of: context.channel)?.bytes(of: context.channel) else { return nil }
        // Bounded: both are lengths of buffers in memory.
        return unarrived + session.output.readableBytes
    }

    var hasUnreadInput: Bool {
        guard closingUntil == nil, let context else { return false }
        return input.isHeldOver || socket(of: context.channel)?.hasInput(of: context.channel) == true
    }

    private func socket(of channel: any Channel) -> SocketBacklog? {
        if socketBacklog == nil { socketBacklog = SocketBacklog(of: channel, isUnix: origin.isUnix) }
        return socketBacklog
    }
}
