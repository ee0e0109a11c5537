import CLinux
import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

/// Later turns come between the events of the loop's sockets, and one at a time.
@Suite(.timeLimit(.minutes(5))) struct LaterTurnsTests {
    /// Asks again each time until it has had the wanted number of turns.
    private final class Asker: TurnParticipant {
        let name: String
        let turns: LaterTurns
        let log: Log
        var left: Int

        init(_ name: String, _ turns: LaterTurns, _ log: Log, wants: Int) {
            (self.name, self.turns, self.log, left) = (name, turns, log, wants)
        }

        func turnDidCome() {
            log.names.append(name)
            left -= 1
            if left > 0, !log.isOver { turns.wait(self) }
        }
    }

    /// Used on the event loop only.
    private final class Log {
        var names: [String] = []
        var isOver = false
    }

    private final class Ender: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let log: Log
        init(_ log: Log) { self.log = log }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { log.isOver = true }
    }

    @Test func `one goes on in each turn, in the order in which they asked`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let names = try await loop.flatSubmit {
            let turns = LaterTurns()
            let log = Log()
            let done = loop.makePromise(of: [String].self)
            return turns.open(on: loop).assumeIsolated().flatMap {
                for asker in ["a", "b", "c"].map({ Asker($0, turns, log, wants: 3) }) { turns.wait(asker) }
                func look() {
                    // Tasks run in every turn, in addition to the others.
                    guard log.names.count < 9 else { return done.succeed(log.names) }
                    loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { look() }
                }
                look()
                return done.futureResult
            }.nonisolated()
        }.get()
        #expect(names == ["a", "b", "c", "a", "b", "c", "a", "b", "c"])
        try await group.shutdownGracefully()
    }

    @Test func `somebody who never ends is no obstacle to an event of a socket`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        // A channel on the same loop, whose event the loop notices only when it polls its descriptors.
        let event = clinux_eventfd()
        let log = try await loop.submit { NIOLoopBound(Log(), eventLoop: loop) }.get()
        _ = try await NIOPipeBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Ender(log.value)) }
        }.takingOwnershipOfDescriptor(input: event).get()
        let opened = try await loop.flatSubmit {
            let turns = NIOLoopBound(LaterTurns(), eventLoop: loop)
            return turns.value.open(on: loop).map { turns }
        }.get()
        let asker = try await loop.submit {
            let asker = Asker("endless", opened.value, log.value, wants: .max)
            opened.value.wait(asker)
            return NIOLoopBound(asker, eventLoop: loop)
        }.get()
        var one: UInt64 = 1
        _ = write(event, &one, 8)
        // As a task that yields to other tasks, it would go on forever before the event is noticed.
        while try await !loop.submit({ log.value.isOver }).get() { await Task.yield() }
        #expect(try await loop.submit { asker.value.left > 0 }.get())
        try await loop.submit { opened.value.close() }.get()
        try await group.shutdownGracefully()
    }

    @Test func `who asks when the loop has ended is forgotten`() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let names = try await loop.flatSubmit {
            let turns = LaterTurns()
            let log = Log()
            return turns.open(on: loop).assumeIsolated().map {
                turns.close()
                turns.wait(Asker("late", turns, log, wants: 1))
                return log.names
            }.nonisolated()
        }.get()
        #expect(names.isEmpty)
        try await group.shutdownGracefully()
    }

    @Test func `a share is used up piece by piece and renewed as a whole`() {
        var share = TurnShare()
        for _ in 0..<TurnShare.pieces {
            #expect(!share.isUsedUp)
            share.take()
        }
        #expect(share.isUsedUp)
        share.take()
        #expect(share.isUsedUp)
        share.renew()
        #expect(!share.isUsedUp)
    }
}
