import Glibc
import NIOCore
import NIOHTTP1

/// One connection: takes requests one after another and sends each answer as its `Delivery` says.
///
/// Confined to its channel's event loop. While an answer is being sent, further requests wait in `waiting`; nothing is read
/// from the socket then, so that they are bounded by one read.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes passed to the socket at a time.
    private static let pieceByteCount = BodyPattern.blockByteCount

    private enum Phase {
        case idle
        case receiving(RequestAssembly)
        case sending(Transmission)
        case closed
    }

    private struct Transmission {
        var delivery: Delivery
        var sequence: Int?
        var sent = 0
        var isPaused = true
        var isFinishing = false
    }

    private let origin: SandboxRequest.Origin
    private let responder: Responder
    private var phase = Phase.idle
    private var waiting = CircularBuffer<HTTPServerRequestPart>()
    private var heldRead = false
    private var timer: Scheduled<Void>?

    /// A handler for one connection.
    init(origin: SandboxRequest.Origin, responder: Responder) {
        self.origin = origin
        self.responder = responder
    }

    func read(context: ChannelHandlerContext) {
        if case .sending = phase, !waiting.isEmpty {
            heldRead = true
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waiting.append(unwrapInboundIn(data))
        takeParts(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { pump(context) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if case .sending(let transmission) = phase { conclude(transmission, .aborted) }
        phase = .closed
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError { send(context, responder.malformedRequest()) }
        // After unparsable input nothing can be trusted, and on a broken socket nothing can be sent.
        context.close(promise: nil)
    }

    private func takeParts(_ context: ChannelHandlerContext) {
        while true {
            if case .sending = phase { return }
            guard let part = waiting.popFirst() else { return }
            switch (part, phase) {
            case (.head(let head), .idle):
                let assembly = RequestAssembly(head: head)
                if assembly.expectsContinue { send(context, ResponseHead.continue) }
                phase = .receiving(assembly)
            case (.body(let piece), .receiving(var assembly)):
                phase = .idle
                assembly.append(piece)
                phase = .receiving(assembly)
            case (.end, .receiving(let assembly)): answer(context, assembly)
            default: break
            }
        }
    }

    private func answer(_ context: ChannelHandlerContext, _ assembly: RequestAssembly) {
        let (delivery, sequence) = responder.respond(to: assembly.request(from: origin), terms: assembly.terms)
        phase = .sending(Transmission(delivery: delivery, sequence: sequence))
        if delivery.headDelay > .zero {
            resume(context, after: delivery.headDelay) { $0.begin($1) }
        } else {
            begin(context)
        }
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard case .sending(var transmission) = phase else { return }
        transmission.isPaused = false
        phase = .sending(transmission)
        if !transmission.delivery.head.isEmpty { send(context, transmission.delivery.head) }
        pump(context)
    }

    /// Sends pieces of the body for as long as the socket accepts them.
    private func pump(_ context: ChannelHandlerContext) {
        guard case .sending(var transmission) = phase, !transmission.isPaused, !transmission.isFinishing else { return }
        let delivery = transmission.delivery
        while transmission.sent < delivery.bodyLimit, context.channel.isWritable {
            if delivery.pause?.afterBytes == transmission.sent { break }
            let end =
                [delivery.pause?.afterBytes ?? .max, delivery.bodyLimit].filter { $0 > transmission.sent }.min() ?? delivery.bodyLimit
            let piece = delivery.body.piece(at: transmission.sent, limit: min(Self.pieceByteCount, end - transmission.sent))
            transmission.sent += piece.readableBytes
            write(context, piece, isChunked: delivery.isChunked)
        }
        phase = .sending(transmission)
        context.flush()
        if let pause = delivery.pause, pause.afterBytes == transmission.sent {
            transmission.isPaused = true
            transmission.delivery.pause = nil
            phase = .sending(transmission)
            resume(context, after: pause.duration) { handler, context in
                handler.unpause()
                handler.pump(context)
            }
        } else if transmission.sent == delivery.bodyLimit {
            finish(context)
        }
    }

    private func unpause() {
        guard case .sending(var transmission) = phase else { return }
        transmission.isPaused = false
        phase = .sending(transmission)
    }

    private func write(_ context: ChannelHandlerContext, _ piece: ByteBuffer, isChunked: Bool) {
        guard isChunked else { return context.write(wrapOutboundOut(piece), promise: nil) }
        let size = String(piece.readableBytes, radix: 16)
        context.write(wrapOutboundOut(ByteBuffer(string: size + "\r\n")), promise: nil)
        context.write(wrapOutboundOut(piece), promise: nil)
        context.write(wrapOutboundOut(ByteBuffer(string: "\r\n")), promise: nil)
    }

    /// Waits until the kernel has everything: a reset before that would discard bytes that were meant to arrive.
    private func finish(_ context: ChannelHandlerContext) {
        guard case .sending(var transmission) = phase else { return }
        transmission.isFinishing = true
        phase = .sending(transmission)
        let last = ByteBuffer(string: transmission.delivery.sendsLastChunk ? "0\r\n\r\n" : "")
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(last)).whenSuccess {
            let (handler, context) = bound.value
            handler.end(context)
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        guard case .sending(let transmission) = phase else { return }
        conclude(transmission, .complete)
        phase = .idle
        switch transmission.delivery.ending {
        case .keepAlive:
            takeParts(context)
            if heldRead {
                heldRead = false
                context.read()
            }
        case .close:
            phase = .closed
            context.close(promise: nil)
        case .reset:
            phase = .closed
            reset(context)
        }
    }

    /// A linger time of zero makes the kernel answer with RST instead of FIN (socket(7), SO_LINGER).
    private func reset(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        guard let options = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func conclude(_ transmission: Transmission, _ delivery: LedgerEntry.Delivery) {
        guard let sequence = transmission.sequence else { return }
        responder.finish(sequence, delivery: delivery, sentBytes: transmission.sent)
    }

    private func send(_ context: ChannelHandlerContext, _ bytes: [UInt8]) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    private func resume(
        _ context: ChannelHandlerContext, after delay: Duration, _ action: @escaping (ExchangeHandler, ChannelHandlerContext) -> Void
    ) {
        let bound = NIOLoopBound((self, context, action), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(delay)) {
            let (handler, context, action) = bound.value
            action(handler, context)
        }
    }
}

extension ResponseBody {
    /// At most `limit` bytes from `offset` on.
    fileprivate func piece(at offset: Int, limit: Int) -> ByteBuffer {
        switch self {
        case .pattern: BodyPattern.slice(at: offset, limit: limit)
        case .bytes(let bytes): ByteBuffer(bytes: bytes[offset..<(offset + limit)])
        }
    }
}
