import Glibc
package import NIOCore

/// The first handler in a listening channel's pipeline; asks the gate before each accept.
///
/// If the system refuses an accept for lack of descriptors or memory, the listening socket stays readable: NIO would try again at once and
/// use a whole core. Accepting is suspended instead, and tried again after `pause`.
package final class AcceptLimiter: ChannelDuplexHandler {
    package typealias InboundIn = any Channel
    package typealias InboundOut = any Channel
    package typealias OutboundIn = Never
    package typealias OutboundOut = Never

    static let pause = TimeAmount.milliseconds(200)

    private let gate: AcceptGate
    private var context: ChannelHandlerContext?
    private var isPaused = false

    package init(_ gate: AcceptGate) {
        self.gate = gate
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func read(context: ChannelHandlerContext) {
        if mayAccept(on: context.eventLoop) { context.read() }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        gate.entered()
        unwrapInboundIn(data).closeFuture.whenComplete { [gate] _ in gate.left() }
        context.fireChannelRead(data)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, code == EMFILE || code == ENFILE || code == ENOMEM || code == ENOBUFS else {
            return context.fireErrorCaught(error)
        }
        guard !isPaused else { return }
        isPaused = true
        // A requested read stays requested when it fails; only this removes the socket from the event loop's epoll set.
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        gate.paused(at: .now())
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.pause) { bound.value.resume() }
    }

    private func resume() {
        guard let context, mayAccept(on: context.eventLoop) else { return }
        guard isPaused else { return context.read() }
        isPaused = false
        // Reads at once.
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    private func mayAccept(on loop: any EventLoop) -> Bool {
        let bound = NIOLoopBound(self, eventLoop: loop)
        return gate.mayAccept { loop.execute { bound.value.resume() } }
    }
}
