import NIOCore
import NIOHTTPTypes

/// Closes a connection of the admin port that is not used: no request for too long, an incomplete request,
/// an answer that is not read. It does not limit how long an answer may take to compute.
final class AdminPatience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Phase {
        case idle
        /// A byte of a request has come.
        case receiving
        case answering
    }

    /// How often the deadline is looked at.
    private static let interval = TimeAmount.milliseconds(250)

    private let limits: AdminPort.Limits
    private var phase = Phase.idle
    private var hasReadPart = false
    /// When the connection is closed; nil while an answer is being made.
    private var deadline: NIODeadline?
    private var watch: RepeatedTask?

    init(_ limits: AdminPort.Limits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = .now() + limits.idleTimeout
        let bound = NIOLoopBound((self, context.channel), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in
            let (patience, channel) = bound.value
            if let deadline = patience.deadline, deadline <= .now() { channel.close(promise: nil) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        watch?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasReadPart = true
        switch unwrapInboundIn(data) {
        case .head:
            phase = .receiving
            deadline = .now() + limits.requestTimeout
        case .body:
            break
        case .end:
            phase = .answering
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes came of which no part could be made: a head has begun.
        if !hasReadPart, phase == .idle {
            phase = .receiving
            deadline = .now() + limits.requestTimeout
        }
        hasReadPart = false
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), phase == .answering {
            phase = .idle
            deadline = .now() + limits.idleTimeout
        }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .answering { deadline = context.channel.isWritable ? nil : .now() + limits.idleTimeout }
        context.fireChannelWritabilityChanged()
    }
}
