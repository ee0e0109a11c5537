import NIOCore
import NIOHTTP2

/// One connection of a caller that speaks HTTP/2, apart from its streams: how long it may stay open, and how it ends.
///
/// Invariants, all on the channel's event loop:
/// 1. It is in the worker's registry from the moment it takes over to its end, and counts as one connection however many streams
///    it has.
/// 2. A stream that reaches its deadline ends alone; a connection without streams ends when it was idle for too long.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    let worker: Worker
    let origin: ConnectionOrigin
    private var streams: [ObjectIdentifier: StreamHandler] = [:]
    private var context: ChannelHandlerContext?
    private var idleSince = NIODeadline.now()
    private var isLeaving = false
    /// Until when streams may still begin that were sent before our GOAWAY arrived.
    private var leavesAt: NIODeadline?
    /// Until when written data may still leave; nil while the connection isn't being closed.
    private var closingUntil: NIODeadline?
    /// Heads that broke the protocol, and since when they are counted.
    private var (faultyHeads, faultsSince) = (0, NIODeadline.now())
    /// The bytes that had not reached the caller when that time was last up.
    private var backlogWhenClosing = Int.max
    /// Created at first use.
    private var socketBacklog: SocketBacklog?
    /// Where its frames come from.
    private let input: FrameFilter

    private init(worker: Worker, origin: ConnectionOrigin) {
        self.worker = worker
        self.origin = origin
        let turns = worker.turns
        input = FrameFilter { turns.wait($0) }
    }

    /// Replaces a connection's handler for HTTP/1.1, which has seen no request yet.
    static func takeOver(from old: ConnectionHandler, behind first: ProtocolSwitch, in context: ChannelHandlerContext) throws {
        let connection = StreamConnection(worker: old.worker, origin: old.origin)
        _ = old.worker.connections.insert(connection)
        old.stepAside()
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(old, promise: nil)
        let bound = NIOLoopBound(connection, eventLoop: context.eventLoop)
        let protocolHandler = NIOHTTP2Handler(
            mode: .server, eventLoop: context.eventLoop,
            connectionConfiguration: StreamLimits.configuration(headerBlock: old.worker.limits.headerBlock).connection,
            streamConfiguration: StreamLimits.configuration(headerBlock: old.worker.limits.headerBlock).stream
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.syncOptions?.setOption(.autoRead, value: false)
                try channel.pipeline.syncOperations.addHandler(StreamHandler(connection: bound.value))
            }
        }
        let ticks = old.worker.ticks
        let gatherer = FrameGatherer { ticks.flush(behindStreams: $0) }
        try pipeline.addHandlers([gatherer, connection.input, protocolHandler, connection], position: .after(first))
        // Frames are read as they come: the windows bound the data in them, and the limits on control frames bound the
        // rest.
        try context.channel.syncOptions?.setOption(.autoRead, value: true)
        if connection.worker.isDraining { connection.beginDraining() }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        context = nil
        worker.connections.remove(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A fault of one stream is answered on it by the library; for one of the connection a GOAWAY has been
        // sent.
        if error is NIOHTTP2Errors.StreamError { return }
        for stream in streams.values { stream.lookAtArrival() }
        // The library also reports errors for frames that it wants to send itself when the last stream of a connection in shutdown has just
        // ended, so what was written before must not be lost.
        isLeaving = true
        closeBehindWrites(within: WireLimits.lingering)
    }

    // MARK: - Streams

    func opened(_ stream: StreamHandler) {
        streams[ObjectIdentifier(stream)] = stream
    }

    func closed(_ stream: StreamHandler) {
        guard streams.removeValue(forKey: ObjectIdentifier(stream)) != nil, streams.isEmpty else { return }
        idleSince = .now()
        if isLeaving, leavesAt.map({ $0 <= .now() }) ?? true { closeBehindWrites(within: worker.limits.idleTimeout) }
    }

    /// A request's head broke the protocol. It is answered like every other refused one; HTTP/1.1 ends a connection at the first of them, HTTP/2
    /// ends it after too many in a short time.
    func sawFaultyHead() {
        let now = NIODeadline.now()
        if now - faultsSince > StreamLimits.window { (faultyHeads, faultsSince) = (0, now) }
        faultyHeads += 1
        guard faultyHeads > StreamLimits.faultyStreams, !isLeaving else { return }
        sayGoodbye(.enhanceYourCalm)
        closeBehindWrites(within: WireLimits.lingering)
    }

    /// The connection is about to end (RFC 9113 section 6.8). The highest possible number is sent as the last stream: streams that cross this
    /// frame on their way are answered with a refusal, and no stream is reported as unprocessed that HSS may have seen.
    private func sayGoodbye(_ reason: HTTP2ErrorCode = .noError) {
        isLeaving = true
        let frame = HTTP2Frame(
            streamID: .rootStream, payload: .goAway(lastStreamID: .maxID, errorCode: reason, opaqueData: nil))
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    /// Closes after everything that is still to be written, above all the last stream's answer. A PING marks that position: it may be sent
    /// in any state, and its promise is fulfilled once it and everything before it have left.
    private func closeBehindWrites(within patience: TimeAmount) {
        guard closingUntil == nil else { return }
        closingUntil = .now() + patience
        // Not within the write that ended the last stream. Confined to this event loop, like everything here.
        context?.eventLoop.assumeIsolated().execute { [self] in
            guard let context else { return }
            if !isLeaving { sayGoodbye() }
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenComplete { [self] _ in endOutput() }
            context.writeAndFlush(wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: .ping(HTTP2PingData(), ack: false))), promise: promise)
        }
    }

    /// Everything is written, and the caller sees the end after it. What it still sends while it reads, above all acknowledgements and window
    /// updates, is read and discarded: after the socket is closed the kernel would answer it with a reset, which destroys what is under way.
    private func endOutput() {
        guard let context else { return }
        input.stopListening()
        closingUntil = .now() + WireLimits.lingering
        context.channel.close(mode: .output, promise: nil)
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
        return streams.isEmpty ? leavesAt ?? idleSince + worker.limits.idleTimeout : streams.values.lazy.compactMap(\.deadline).min()
    }

    func deadlineDidPass() {
        let now = NIODeadline.now()
        if closingUntil != nil {
            // A caller that doesn't even read the GOAWAY is cut off.
            guard isTakingRest else { return cut() }
            closingUntil = now + worker.limits.idleTimeout
            return
        }
        if streams.isEmpty { return closeBehindWrites(within: WireLimits.lingering) }
        for stream in Array(streams.values) {
            if let deadline = stream.deadline, deadline <= now { stream.deadlineDidPass() }
        }
    }

    /// No new stream is accepted, and the open ones end with their answer.
    func beginDraining() {
        sayGoodbye()
        leavesAt = .now() + worker.limits.lastRequests
    }

    func cut() {
        for stream in streams.values { stream.lookAtArrival() }
        context?.close(promise: nil)
    }

    /// Bytes of all its streams that were written and have not arrived.
    var backlog: Int? {
        guard let context else { return nil }
        return socket(of: context.channel)?.bytes(of: context.channel)
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
