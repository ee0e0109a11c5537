import Glibc
import NIOCore

// The way out: what an exchange answers becomes bytes for the channel.

extension ConnectionHandler: RequestCarrier, TickParticipant {
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
        // Whoever has left takes nothing more; its exchange is about to hear of it.
        return isWritable && context != nil
    }

    func end() {
        makeRoom(for: 0)
        encoder.encodeEnd(into: &output)
        guard phase == .open, reader.isExchanging else { return }
        if keepsAlive {
            reader.didAnswer()
            deadline = .now() + worker.limits.idleTimeout
            scheduleFlush()
            // What was parked is worked through at the end of the tick, not from within the exchange that just ended.
            worker.ticks.resume(self)
        } else {
            endAfterAnswer()
        }
    }

    func abort() {
        keepsAlive = false
        // What was received is passed on, however slowly the caller reads. A length or chunks show that it isn't all.
        guard isDelimitedByEnd else { return endAfterAnswer() }
        // An answer that is delimited by the connection's end must not look whole: RST rather than FIN, which what is under way is lost by.
        flush()
        phase = .closed
        (context?.channel as? any SocketOptionProvider)?.setSoLinger(Glibc.linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        context?.close(promise: nil)
    }

    var bytesLostByEnd: Int {
        guard context == nil || isDelimitedByEnd else { return 0 }
        lookAtReceipt()
        return receipt.missing + output.readableBytes
    }

    /// Asks how much of an answer under way has arrived; nothing is asked about one that leaves in one piece.
    func lookAtReceipt() {
        guard receipt.isUnderWay, reader.isExchanging, let context else { return }
        receipt.look(SocketBacklog.bytes(of: context.channel, isUnix: origin.isUnix))
    }

    /// Lets the caller read its answer although it may still be sending: closing at once would make the kernel answer those
    /// bytes with a reset that destroys the response on its way.
    private func endAfterAnswer() {
        phase = .lingering
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

    /// Between two flushes a connection has no memory for output.
    private func makeRoom(for bytes: Int) {
        if output.storageCapacity == 0 { output = worker.outputs.take(for: bytes) }
    }

    func flush(thenCloseOutput closes: Bool = false) {
        let bytes = takeOutput()
        // Before the write: when it fails, the socket is closed at once.
        lookAtReceipt()
        receipt.hand(bytes.readableBytes)
        guard let context else { return }
        if bytes.readableBytes > 0 {
            write(bytes, to: context)
            worker.outputs.giveBack(consume bytes)
        }
        if closes { context.channel.close(mode: .output, promise: nil) }
    }

    private func takeOutput() -> ByteBuffer {
        var taken = ByteBuffer()
        swap(&taken, &output)
        return taken
    }

    /// A function of its own and never inlined: what it wraps the bytes in has to be gone before they are given back, or nothing would be
    /// taken back, since somebody else still seems to hold them.
    @inline(never)
    private func write(_ bytes: borrowing ByteBuffer, to context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(copy bytes), promise: nil)
    }

    /// The worker's tick is over.
    func tickDidEnd() {
        isFlushScheduled = false
        flush()
    }

    /// The answer is out and the next request may begin.
    func resumeReading() {
        if decoder.hasInput { proceed() }
        readIfWanted()
    }
}
