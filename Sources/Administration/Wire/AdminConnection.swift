import Audit
import Codecs
import Gateway
import NIOCore
import NIOHTTP1
import NIOTLS
import Synchronization

/// One connection of the admin port: bytes of requests in, bytes of answers out, one request at a time in the order they came (RFC 9112 section
/// 9.3.2). It uses the decoder of the data port, so that the whole gateway parses HTTP in the same way.
///
/// Invariants, all on the channel's event loop:
/// 1. A request is answered once, after all of it has arrived. Malformed input gets an error, and ends the connection.
/// 2. While a request is answered nothing is read from the socket, and bytes of later ones wait in the decoder.
/// 3. `deadline` always says when the connection ends, or is nil while an answer is being made: the time for that is limited by its handler.
/// 4. An answer is written in pieces, each after the kernel has taken the previous one.
/// 5. While the maximum number of connections is open, one that makes no progress has `crowdedTimeout`: a probe must not wait for an idle
///    connection. A long poll is answered by then, and a connection that has been open for that long is closed after its answer.
final class AdminConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Told to the handler of a request, on another thread.
    private final class InputEnd: Sendable { let hasCome = Atomic<Bool>(false) }

    private enum Phase {
        /// Between requests; a head may have begun.
        case idle
        /// The head is judged, the body is arriving.
        case receiving(Incoming)
        /// Its handler is running.
        case answering
        case writing
        /// The last answer is out; what still arrives is discarded until the client closes or the time is up.
        case lingering
        case closed
    }

    private struct Incoming {
        let head: HTTPRequestHead
        let fields: InboundFields
        var body = ByteBuffer()
    }

    /// Bytes of an answer's body that are passed to the channel at a time.
    private static let piece = 64 << 10

    private let terms: Terms
    /// The authorities that clients' certificates had to come from when the connection began.
    private let authorities: ListenerTLS.ClientAuthorities?
    /// Read when the connection begins: a connection that its client has reset has no address any more.
    private let source: String?
    private var decoder: RequestDecoder
    private var context: ChannelHandlerContext?
    private var phase = Phase.idle
    private var isHTTP10 = false
    private var isHead = false
    private var keepsAlive = true
    /// Whether the port is stopping.
    private var isStopping: Bool
    /// Whether the client sends nothing more.
    private var hasInputEnded: Bool { inputEnd.hasCome.load(ordering: .relaxed) }
    private let inputEnd = InputEnd()
    private let opening = NIODeadline.now()
    private var isReadAsked = false
    /// Whether TLS has not begun yet, or not ended its handshake.
    private var isHandshaking: Bool
    /// Whether a handshake or a head has begun, which has a shorter deadline than an idle connection.
    private var hasBegun = false
    /// The rest of the answer's body.
    private var output = ByteBuffer()
    private var deadline: NIODeadline?
    /// When the deadline was set: any progress sets it again.
    private var waitsSince = NIODeadline.now()
    private var alarm: (at: NIODeadline, task: Scheduled<Void>)?

    init(_ terms: Terms, isTLS: Bool, authorities: ListenerTLS.ClientAuthorities?, source: String?, isStopping: Bool = false) {
        (self.terms, self.isHandshaking, self.authorities, self.source, self.isStopping) = (terms, isTLS, authorities, source, isStopping)
        decoder = RequestDecoder(limits: terms.wire)
    }

    private var isIdle: Bool { if case .idle = phase { true } else { false } }
}

// MARK: - Channel events

extension AdminConnection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { opened() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        closed()
    }

    func channelActive(context: ChannelHandlerContext) {
        opened()
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        closed()
        context.fireChannelInactive()
    }

    private func opened() {
        guard deadline == nil, isIdle else { return }
        expire(in: idleTime)
        read()
    }

    /// A stopping port waits for requests that were on their way.
    private var idleTime: TimeAmount { isStopping ? terms.wire.lastRequests : terms.limits.idleTimeout }

    private func closed() {
        inputEnd.hasCome.store(true, ordering: .relaxed)
        phase = .closed
        context = nil
        output = ByteBuffer()
        expire(in: nil)
    }

    private func close() {
        context?.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection: no error can be sent.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let event as ChannelEvent where event == .inputClosed:
            inputEnd.hasCome.store(true, ordering: .relaxed)
            // A complete request before the end is answered; an incomplete one never will be complete.
            switch phase {
            case .idle, .receiving, .lingering: close()
            case .answering, .writing, .closed: break
            }
        case is ChannelShouldQuiesceEvent:
            isStopping = true
            keepsAlive = false
            if isIdle, !decoder.isInHead, context.channel.isActive { expire(in: idleTime) }
        case TLSUserEvent.handshakeCompleted:
            (isHandshaking, hasBegun) = (false, false)
            if isIdle { expire(in: idleTime) }
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func read() {
        guard !isReadAsked, !hasInputEnded, let context else { return }
        isReadAsked = true
        context.read()
    }

    private func readIfWanted() {
        switch phase {
        case .idle, .receiving, .lingering: read()
        case .answering, .writing, .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadAsked = false
        if isHandshaking, !hasBegun { handshakeOrHeadDidBegin() }
        readIfWanted()
        context.fireChannelReadComplete()
    }

    private func handshakeOrHeadDidBegin() {
        hasBegun = true
        expire(in: terms.limits.requestTimeout)
    }
}

// MARK: - Deadlines

extension AdminConnection {
    private func expire(in time: TimeAmount?) {
        waitsSince = .now()
        deadline = time.map { waitsSince + $0 }
        guard let deadline, let context else {
            alarm?.task.cancel()
            alarm = nil
            return
        }
        // A deadline later than the timer is checked again when that fires.
        let time = min(deadline, waitsSince + terms.limits.crowdedTimeout)
        if let alarm, alarm.at <= time { return }
        alarm?.task.cancel()
        setAlarm(time, context)
    }

    private func setAlarm(_ time: NIODeadline, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        alarm = (time, context.eventLoop.scheduleTask(deadline: time) { bound.value.alarmRang() })
    }

    private func alarmRang() {
        alarm = nil
        guard let deadline, let context else { return }
        let now = NIODeadline.now()
        let isInTheWay = terms.gate.isFull && waitsSince + terms.limits.crowdedTimeout <= now
        guard deadline <= now || isInTheWay else { return setAlarm(min(deadline, now + terms.limits.crowdedTimeout), context) }
        self.deadline = nil
        switch phase {
        case .idle where decoder.isInHead: refuse(WireFault.slowHead)
        case .receiving: refuse(WireFault.slowBody)
        // Its client may be sending a request now, which a closed socket would answer with a reset.
        case .idle where isStopping && !isHandshaking: endBehindAnswer()
        case .idle, .answering, .writing, .lingering, .closed: close()
        }
    }
}

// MARK: - Requests in

extension AdminConnection {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReadAsked = false
        switch phase {
        case .lingering, .closed: break
        case .idle, .receiving, .answering, .writing:
            decoder.feed(unwrapInboundIn(data))
            proceed()
        }
    }

    /// Processes the input until a request is complete.
    private func proceed() {
        while true {
            switch phase {
            case .idle, .receiving: break
            case .answering, .writing, .lingering, .closed: return
            }
            do throws(Refusal) {
                let part = try decoder.next()
                if let announced = decoder.announcedBytes, announced > terms.wire.requestBody { return refuseLongBody() }
                guard let part else { break }
                try take(part)
            } catch {
                refuse(error)
            }
        }
        if isIdle, decoder.isInHead, !hasBegun { handshakeOrHeadDidBegin() }
    }

    private func take(_ part: RequestDecoder.Part) throws(Refusal) {
        switch (part, phase) {
        case (.head(let head, let fields, let framing), .idle):
            (isHTTP10, isHead, hasBegun) = (head.version == .http1_0, head.method == .HEAD, false)
            keepsAlive = !isStopping && KeepAlive.isWanted(by: head, fields)
            begin(Incoming(head: head, fields: fields), try framing.get())
        case (.body(let bytes), .receiving(var incoming)):
            phase = .idle
            incoming.body.writeImmutableBuffer(bytes)
            phase = .receiving(incoming)
            if incoming.body.readableBytes > terms.wire.requestBody { refuseLongBody() }
        case (.end, .receiving(let incoming)):
            try answer(incoming)
        case (.head, _), (.body, _), (.end, _):
            preconditionFailure("parts of a request out of order")
        }
    }

    private func begin(_ incoming: Incoming, _ framing: WireJudge.Framing) {
        phase = .receiving(incoming)
        expire(in: terms.limits.requestTimeout)
        switch framing {
        case .none, .length(0): break
        case .length(let length) where length > terms.wire.requestBody: refuseLongBody()
        case .length, .chunked:
            if incoming.fields.expectsContinue, !isHTTP10 { write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")) }
        }
    }

    private func answer(_ incoming: Incoming) throws(Refusal) {
        guard let context else { return }
        let target = try TargetForm.originForm(of: incoming.head.uri, host: incoming.fields.host)
        // A HEAD is a GET whose answer's body is not sent (RFC 9110 section 9.3.2).
        var request = Request(
            isHead ? .GET : incoming.head.method, target: target, headers: incoming.head.headers, authority: incoming.fields.host,
            body: incoming.body, client: client(context.channel))
        let (gate, inputEnd, crowdedAt) = (terms.gate, inputEnd, NIODeadline.now() + terms.limits.crowdedTimeout)
        request.mayWait = { !inputEnd.hasCome.load(ordering: .relaxed) && !(gate.isFull && crowdedAt <= .now()) }
        phase = .answering
        expire(in: nil)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        Task { [request, respond = terms.respond, loop = context.eventLoop] in
            let response = await respond(request)
            loop.execute { bound.value.answer(response) }
        }
    }

    /// The client according to its connection, with the name in its certificate if that one's authority is still trusted and it has not expired. A
    /// connection and a resumed session may last longer than the configuration that they began with, and than the certificate, so this is checked
    /// for each request.
    private func client(_ channel: any Channel) -> AdminClient {
        guard let tls = terms.tls(), let authorities, tls.trusts(authorities), let certificate = ListenerTLS.clientCertificate(on: channel) else {
            return AdminClient(certificate: nil, source: source)
        }
        let hasExpired = Timestamp.now().microseconds / 1_000_000 > certificate.end
        return AdminClient(certificate: hasExpired ? nil : certificate.name, source: source, hasExpiredCertificate: hasExpired)
    }
}

// MARK: - Answers out

extension AdminConnection {
    private func refuseLongBody() {
        refuse(AdminAnswer.fault(.payloadTooLarge, "The body is longer than \(terms.wire.requestBody) bytes."))
    }

    private func refuse(_ refusal: Refusal) {
        refuse(AdminAnswer.fault(HTTPResponseStatus(statusCode: refusal.status), refusal.message))
    }

    /// Answers malformed input; nothing that follows it could be parsed.
    private func refuse(_ response: Response) {
        keepsAlive = false
        phase = .answering
        answer(response)
    }

    private func answer(_ response: Response) {
        guard case .answering = phase else { return }
        phase = .writing
        if terms.gate.isFull, opening + terms.limits.crowdedTimeout <= .now() { keepsAlive = false }
        var headers = response.headers
        headers.add(name: "Date", value: HTTPDate.text(Int(clamping: Timestamp.now().microseconds / 1_000_000)))
        let length = response.body.readableBytes
        // A 304 has no body, and its length would be that of another answer (RFC 9110 section 15.4.5).
        let framing: ResponseFraming =
            response.status == .notModified ? .none(declared: nil) : isHead ? .none(declared: length) : .length(length)
        if case .length = framing { output = response.body }
        var encoder = HTTP1ResponseEncoder()
        var head = ByteBuffer()
        encoder.encode(
            DownstreamHead(status: Int(response.status.code), headers: headers, framing: framing), isHTTP10: isHTTP10, closes: !keepsAlive,
            into: &head)
        writeNext(behind: head)
    }

    /// - Parameter head: written before the next piece, in the same write.
    private func writeNext(behind head: ByteBuffer) {
        guard let context else { return }
        var bytes = head
        if let piece = output.readSlice(length: min(Self.piece, output.readableBytes)) {
            if bytes.readableBytes == 0 { bytes = piece } else { bytes.writeImmutableBuffer(piece) }
        }
        expire(in: terms.limits.idleTimeout)
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenSuccess { bound.value.didWrite() }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
    }

    private func write(_ bytes: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    private func didWrite() {
        guard case .writing = phase else { return }
        if output.readableBytes > 0 { return writeNext(behind: ByteBuffer()) }
        output = ByteBuffer()
        guard keepsAlive else { return endBehindAnswer() }
        (phase, isHTTP10, isHead) = (.idle, false, false)
        expire(in: terms.limits.idleTimeout)
        proceed()
        guard isIdle, hasInputEnded else { return readIfWanted() }
        close()
    }

    /// Lets the client read its answer although it may still be sending: closing at once would make the kernel answer those bytes with a reset
    /// that destroys the answer on its way.
    private func endBehindAnswer() {
        guard !hasInputEnded else { return close() }
        phase = .lingering
        expire(in: WireLimits.lingering)
        context?.channel.close(mode: .output, promise: nil)
        read()
    }
}
