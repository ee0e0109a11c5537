import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct FrameFilterTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let ours: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]

    private static func settings(_ entries: [(UInt16, UInt32)], flags: UInt8 = 0) -> [UInt8] {
        var payload: [UInt8] = []
        for (name, value) in entries {
            payload += [UInt8(name >> 8), UInt8(truncatingIfNeeded: name)]
            payload += (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
        }
        return [0, UInt8(payload.count >> 8), UInt8(truncatingIfNeeded: payload.count), 4, flags, 0, 0, 0, 0] + payload
    }

    private static func data(_ bytes: [UInt8]) -> [UInt8] {
        [0, UInt8(bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count), 0, 1, 0, 0, 0, 1] + bytes
    }

    /// What the library reads when these bytes come in pieces of this size.
    private static func passed(_ bytes: [UInt8], pieces: Int) throws -> [UInt8] {
        let channel = EmbeddedChannel(handler: FrameFilter { _ in })
        var read: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + pieces, bytes.count)]))
        }
        while let buffer = try channel.readInbound(as: ByteBuffer.self) { read += Array(buffer.readableBytesView) }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return read
    }

    @Test(arguments: [1, 2, 5, 9, 24, 33, 50, 1 << 16])
    func `caps the table in every settings frame and answers for the caller once`(pieces: Int) throws {
        let large = Self.data([UInt8](repeating: 4, count: 300))
        let came =
            Self.preface + Self.settings([(3, 7), (1, .max), (1, 100)]) + Self.ours + large + Self.settings([(1, 1 << 20)]) + Self.ours
            + Self.settings([])
        let expected =
            Self.preface + Self.settings([(3, 7), (1, 4_096), (1, 100)]) + Self.ours + large + Self.settings([(1, 4_096)]) + Self.ours
            + Self.settings([])
        #expect(try Self.passed(came, pieces: pieces) == expected, "the first acknowledgement is ours, the second the caller's and one too many")
    }

    @Test(arguments: [1, 7, 1 << 16])
    func `leaves what breaks the protocol to the library`(pieces: Int) throws {
        for wrong in [Self.ours, Self.settings([(1, 5)], flags: 1), [0xFF, 0xFF, 0xFF, 4, 0, 0, 0, 0, 0], Array("junk that is no frame".utf8)] {
            #expect(try Self.passed(Self.preface + wrong, pieces: pieces) == Self.preface + wrong)
        }
    }

    /// A frame of an unknown type, which is ignored (RFC 9113 section 5.5). Its number is in the stream's place.
    private static func unknown(_ number: Int) -> [UInt8] {
        [0, 0, 1, 0xEE, 0, 0, 0, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number), 7]
    }

    /// The calls of a handler's `awaitNextTurn`, and whether the channel reads.
    private final class Turns {
        var awaited: [FrameFilter] = []
        var read = 0
        var completed = 0
    }

    private final class Counter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let turns: Turns
        init(_ turns: Turns) { self.turns = turns }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { turns.read += unwrapInboundIn(data).readableBytes }
        func channelReadComplete(context: ChannelHandlerContext) { turns.completed += 1 }
    }

    private static func begin(_ turns: Turns) throws -> (EmbeddedChannel, FrameFilter) {
        let filter = FrameFilter { turns.awaited.append($0) }
        let channel = EmbeddedChannel(handlers: [filter, Counter(turns)])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, filter)
    }

    private static func isReading(_ channel: EmbeddedChannel) -> Bool? {
        channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }.flatMap { $0.value as? Bool }
    }

    @Test func `passes as many frames in a turn as its share is and reads nothing meanwhile`() throws {
        let turns = Turns()
        let (channel, filter) = try Self.begin(turns)
        let frame = Self.unknown(0).count
        let count = 3 * TurnShare.pieces + 7
        let flood = Self.preface + (0..<count).flatMap(Self.unknown)
        try channel.writeInbound(ByteBuffer(bytes: flood))
        for turn in 1...3 {
            #expect(turns.read == Self.preface.count + turn * TurnShare.pieces * frame)
            #expect(turns.awaited.count == turn)
            #expect(filter.isHeldOver)
            #expect(Self.isReading(channel) == false)
            turns.awaited.last?.turnDidCome()
        }
        #expect(turns.read == flood.count)
        #expect(turns.completed == 4, "each turn ends like a read does, so that what it brought is answered")
        #expect(turns.awaited.count == 3)
        #expect(!filter.isHeldOver)
        #expect(Self.isReading(channel) == true)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `keeps order when more arrives while frames wait, and has a new share with each read`() throws {
        let turns = Turns()
        let filter = FrameFilter { turns.awaited.append($0) }
        let channel = EmbeddedChannel(handler: filter)
        let bytes = Self.preface + (0..<(2 * TurnShare.pieces)).flatMap(Self.unknown)
        let cut = bytes.count - 123
        try channel.writeInbound(ByteBuffer(bytes: bytes[..<cut]))
        // One more read was requested already.
        try channel.writeInbound(ByteBuffer(bytes: bytes[cut...]))
        while let waiting = turns.awaited.popLast() { waiting.turnDidCome() }
        for _ in 0..<3 { try channel.writeInbound(ByteBuffer(bytes: (0..<TurnShare.pieces).flatMap(Self.unknown))) }
        #expect(turns.awaited.isEmpty)
        var read: [UInt8] = []
        while let buffer = try channel.readInbound(as: ByteBuffer.self) { read += Array(buffer.readableBytesView) }
        #expect(read == bytes + (0..<3).flatMap { _ in (0..<TurnShare.pieces).flatMap(Self.unknown) })
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `one long frame is one piece, however it comes`() throws {
        let turns = Turns()
        let (channel, filter) = try Self.begin(turns)
        try channel.writeInbound(ByteBuffer(bytes: Self.preface + Self.data([UInt8](repeating: 1, count: 1 << 14))))
        #expect(!filter.isHeldOver && turns.awaited.isEmpty)
        for byte in Self.data([UInt8](repeating: 1, count: 2 * TurnShare.pieces)) { try channel.writeInbound(ByteBuffer(bytes: [byte])) }
        #expect(!filter.isHeldOver && turns.awaited.isEmpty)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `holds a frame that is not whole, and passes DATA as it comes`() throws {
        let turns = Turns()
        let (channel, _) = try Self.begin(turns)
        let unknown = [0, 0x40, 0, 0xEE, 0, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 1 << 14)
        try channel.writeInbound(ByteBuffer(bytes: Self.preface + Self.unknown(1) + unknown.dropLast()))
        #expect(turns.read == Self.preface.count + Self.unknown(1).count)
        try channel.writeInbound(ByteBuffer(bytes: [7]))
        #expect(turns.read == Self.preface.count + Self.unknown(1).count + unknown.count)
        let data = Self.data([UInt8](repeating: 1, count: 100))
        try channel.writeInbound(ByteBuffer(bytes: data.dropLast()))
        #expect(turns.read == Self.preface.count + Self.unknown(1).count + unknown.count + data.count - 1)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `forgets what waits when the connection ends or is being closed`() throws {
        for ends in [true, false] {
            let turns = Turns()
            let (channel, filter) = try Self.begin(turns)
            try channel.writeInbound(ByteBuffer(bytes: Self.preface + (0..<(2 * TurnShare.pieces)).flatMap(Self.unknown)))
            let read = turns.read
            if ends { _ = try? channel.finish(acceptAlreadyClosed: true) } else { filter.stopListening() }
            turns.awaited.first?.turnDidCome()
            if !ends { try channel.writeInbound(ByteBuffer(bytes: Self.unknown(1))) }
            #expect(turns.read == read)
            #expect(turns.awaited.count == 1)
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }
}
