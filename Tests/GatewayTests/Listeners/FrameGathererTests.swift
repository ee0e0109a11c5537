import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct FrameGathererTests {
    /// The end of a connection's pipeline, with the callbacks for the end of the turn.
    private final class Connection {
        let channel = EmbeddedChannel()
        private(set) var awaiting: [FrameGatherer] = []
        private(set) var kept: [Int] = []

        init() throws {
            try channel.pipeline.syncOperations.addHandler(FrameGatherer { self.awaiting.append($0) })
            try channel.connect(to: .init(unixDomainSocketPath: "/none")).wait()
        }

        /// Writes that many equal bytes, and notes when they have left.
        func write(_ byte: UInt8, _ count: Int = 3) {
            let promise = channel.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenSuccess { self.kept.append(Int(byte)) }
            channel.write(ByteBuffer(repeating: byte, count: count), promise: promise)
        }

        func endTurn() {
            let all = awaiting
            awaiting = []
            for gatherer in all { gatherer.turnDidEnd() }
        }

        /// The pieces that left, as bytes.
        func left() throws -> [[UInt8]] {
            var pieces: [[UInt8]] = []
            while let piece = try channel.readOutbound(as: ByteBuffer.self) { pieces.append(Array(piece.readableBytesView)) }
            return pieces
        }
    }

    @Test func `makes one piece of what a turn writes, however often it is flushed`() throws {
        let connection = try Connection()
        for byte in 1...4 as ClosedRange<UInt8> {
            connection.write(byte)
            connection.channel.flush()
        }
        #expect(try connection.left().isEmpty && connection.kept.isEmpty)
        #expect(connection.awaiting.count == 1)
        connection.endTurn()
        #expect(try connection.left() == [[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]])
        #expect(connection.kept == [1, 2, 3, 4])
        connection.write(5)
        connection.channel.flush()
        connection.endTurn()
        #expect(try connection.left() == [[5, 5, 5]])
    }

    @Test func `keeps the order of small pieces and large ones, and copies no large one`() throws {
        let connection = try Connection()
        connection.write(1)
        connection.write(2, 5_000)
        connection.write(3)
        connection.write(4)
        connection.channel.flush()
        connection.endTurn()
        #expect(try connection.left().map { [Int($0[0]), $0.count] } == [[1, 3], [2, 5_000], [3, 6]])
        #expect(connection.kept == [1, 2, 3, 4])
    }

    @Test func `fills no record beyond its longest text`() throws {
        let connection = try Connection()
        for byte in 0..<20 as Range<UInt8> { connection.write(byte, 4_000) }
        connection.channel.flush()
        connection.endTurn()
        let left = try connection.left()
        #expect(left.map(\.count) == [16_000, 16_000, 16_000, 16_000, 16_000])
        #expect(left.flatMap(\.self) == (0..<20).flatMap { [UInt8](repeating: $0, count: 4_000) })
    }

    @Test func `doesn't wait for the end of the turn once much is there`() throws {
        let connection = try Connection()
        for byte in 0..<17 as Range<UInt8> { connection.write(byte, 4_000) }
        connection.channel.flush()
        #expect(try connection.left().map(\.count).reduce(0, +) == 68_000)
        #expect(connection.awaiting.isEmpty)
    }

    @Test func `doesn't send what nobody flushed, and loses nothing when the connection is closed`() throws {
        let connection = try Connection()
        connection.write(1)
        #expect(connection.awaiting.isEmpty)
        connection.channel.flush()
        connection.write(2)
        connection.channel.close(promise: nil)
        #expect(try connection.left() == [[1, 1, 1, 2, 2, 2]])
        #expect(connection.kept == [1, 2])
        connection.endTurn()
    }

    @Test func `hands over what it has when it is taken out`() throws {
        let connection = try Connection()
        connection.write(1)
        connection.write(2)
        let pipeline = connection.channel.pipeline.syncOperations
        pipeline.removeHandler(try pipeline.handler(type: FrameGatherer.self), promise: nil)
        connection.channel.embeddedEventLoop.run()
        connection.channel.flush()
        #expect(try connection.left() == [[1, 1, 1, 2, 2, 2]])
        #expect(connection.kept == [1, 2])
    }
}
