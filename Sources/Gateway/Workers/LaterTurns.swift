import CLinux
import Glibc
import NIOCore
import NIOPosix

/// Something with work that was left for a later turn of the event loop.
protocol TurnParticipant: AnyObject {
    func turnDidCome()
}

/// How much of its input a connection may process in one turn of the event loop, in pieces: parts of requests over HTTP/1.1, frames over
/// HTTP/2. One read may contain thousands of either, and all other connections of the loop wait meanwhile.
struct TurnShare {
    /// More than one read of any ordinary client contains: a hundred streams that begin at once, head and body.
    static let pieces = 256

    private var left = TurnShare.pieces

    var isUsedUp: Bool { left == 0 }

    mutating func take() {
        if left > 0 { left -= 1 }
    }

    mutating func renew() { left = Self.pieces }
}

/// Lets connections continue in a later turn of the event loop: one in each turn, in the order of their calls, however many they are.
///
/// A task that is submitted to the loop (`execute`) is not a later turn: NIO runs tasks until there are none left before it polls its sockets
/// again. A connection that continued as a task would be served to its end before any other. So the loop also watches an eventfd(2), and a
/// waiting connection continues when that becomes readable, between the others. It costs a system call in a flood, and nothing else.
///
/// Everything runs on the loop that it was opened on.
final class LaterTurns: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var waiting: CircularBuffer<any TurnParticipant> = []
    private var context: ChannelHandlerContext?
    private var descriptor: CInt = -1
    /// Whether the loop is about to see the event.
    private var isSignalled = false

    /// Registers the event with the loop.
    func open(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let descriptor = clinux_eventfd()
        guard descriptor >= 0 else { return loop.makeFailedFuture(IOError(errnoCode: errno, reason: "eventfd")) }
        self.descriptor = descriptor
        let bound = NIOLoopBound(self, eventLoop: loop)
        return NIOPipeBootstrap(group: loop)
            // One read drains it.
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .map { _ in }
    }

    func close() {
        context?.close(promise: nil)
    }

    /// Calls back in a turn of its own.
    func wait(_ participant: any TurnParticipant) {
        waiting.append(participant)
        signal()
    }

    private func signal() {
        // Once the channel has closed, its descriptor's number may belong to another file.
        guard !isSignalled, context != nil else { return }
        isSignalled = true
        var one: UInt64 = 1
        _ = Glibc.write(descriptor, &one, MemoryLayout.size(ofValue: one))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isSignalled = false
        waiting.popFirst()?.turnDidCome()
        if !waiting.isEmpty { signal() }
    }
}
