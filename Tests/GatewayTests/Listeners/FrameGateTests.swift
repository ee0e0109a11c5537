import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct FrameGateTests {
    /// A frame of an unknown type, which is ignored (RFC 9113 section 5.5). Its number is in the stream's place.
    private static func unknown(_ number: Int) -> [UInt8] { HTTP2Bytes.frame(0xEE, stream: UInt32(number), [7]) }

    /// The calls of a handler's `awaitNextTurn`, and what passes.
    private final class Turns: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var awaited: [FrameGate] = []
        var read: [UInt8] = []
        var completed = 0
        var floods = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { read += unwrapInboundIn(data).readableBytesView }
        func channelReadComplete(context: ChannelHandlerContext) { completed += 1 }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { floods += error is FrameFlood ? 1 : 0 }
    }

    private static func begin(_ turns: Turns) throws -> (EmbeddedChannel, FrameGate) {
        let gate = FrameGate(headerBlock: 64 << 10) { turns.awaited.append($0) }
        let channel = EmbeddedChannel(handlers: [gate, turns])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, gate)
    }

    private static func isReading(_ channel: EmbeddedChannel) -> Bool? {
        channel.options.last { $0.option is ChannelOptions.Types.AutoReadOption }.flatMap { $0.value as? Bool }
    }

    @Test func `passes as many frames in a turn as its share is and reads nothing meanwhile`() throws {
        let turns = Turns()
        let (channel, gate) = try Self.begin(turns)
        let frame = Self.unknown(0).count
        let count = 3 * TurnShare.pieces + 7
        let flood = HTTP2Bytes.preface + (0..<count).flatMap(Self.unknown)
        try channel.writeInbound(ByteBuffer(bytes: flood))
        for turn in 1...3 {
            #expect(turns.read.count == HTTP2Bytes.preface.count + turn * TurnShare.pieces * frame)
            #expect(turns.awaited.count == turn)
            #expect(gate.isHeldOver)
            #expect(Self.isReading(channel) == false)
            turns.awaited.last?.turnDidCome()
        }
        #expect(turns.read == flood)
        #expect(turns.completed == 4, "each turn ends like a read does, so that what it brought is answered")
        #expect(turns.awaited.count == 3)
        #expect(!gate.isHeldOver)
        #expect(Self.isReading(channel) == true)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `keeps order when more arrives while frames wait, and has a new share with each read`() throws {
        let turns = Turns()
        let (channel, _) = try Self.begin(turns)
        let bytes = HTTP2Bytes.preface + (0..<(2 * TurnShare.pieces)).flatMap(Self.unknown)
        let cut = bytes.count - 123
        try channel.writeInbound(ByteBuffer(bytes: bytes[..<cut]))
        // One more read was requested already.
        try channel.writeInbound(ByteBuffer(bytes: bytes[cut...]))
        while let waiting = turns.awaited.popLast() { waiting.turnDidCome() }
        for _ in 0..<3 { try channel.writeInbound(ByteBuffer(bytes: (0..<TurnShare.pieces).flatMap(Self.unknown))) }
        #expect(turns.awaited.isEmpty)
        #expect(turns.read == bytes + (0..<3).flatMap { _ in (0..<TurnShare.pieces).flatMap(Self.unknown) })
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `one long frame is one piece, however it comes, and nothing of it is held`() throws {
        let turns = Turns()
        let (channel, gate) = try Self.begin(turns)
        let long = HTTP2Bytes.data([UInt8](repeating: 1, count: 1 << 14))
        try channel.writeInbound(ByteBuffer(bytes: HTTP2Bytes.preface + long))
        let other = HTTP2Bytes.data([UInt8](repeating: 1, count: 2 * TurnShare.pieces))
        for (index, byte) in zip(1..., other) {
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
            #expect(turns.read.count == HTTP2Bytes.preface.count + long.count + index)
        }
        #expect(!gate.isHeldOver && turns.awaited.isEmpty)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `forgets what waits when the connection ends or is being closed`() throws {
        for ends in [true, false] {
            let turns = Turns()
            let (channel, gate) = try Self.begin(turns)
            try channel.writeInbound(ByteBuffer(bytes: HTTP2Bytes.preface + (0..<(2 * TurnShare.pieces)).flatMap(Self.unknown)))
            let read = turns.read
            if ends { _ = try? channel.finish(acceptAlreadyClosed: true) } else { gate.discardInput() }
            turns.awaited.first?.turnDidCome()
            if !ends { try channel.writeInbound(ByteBuffer(bytes: Self.unknown(1))) }
            #expect(turns.read == read)
            #expect(turns.awaited.count == 1)
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test func `reports a flood once, behind what came before it, and discards what follows`() throws {
        let turns = Turns()
        let (channel, gate) = try Self.begin(turns)
        let pings = (0..<StreamLimits.controlFrames).flatMap { _ in HTTP2Bytes.frame(6, [UInt8](repeating: 0, count: 8)) }
        try channel.writeInbound(ByteBuffer(bytes: HTTP2Bytes.preface + pings))
        #expect(turns.floods == 0)
        let last = HTTP2Bytes.frame(6, [UInt8](repeating: 0, count: 8))
        try channel.writeInbound(ByteBuffer(bytes: Self.unknown(1) + last + last))
        try channel.writeInbound(ByteBuffer(bytes: last))
        #expect(turns.floods == 1)
        #expect(turns.read == HTTP2Bytes.preface + pings + Self.unknown(1))
        #expect(!gate.isHeldOver)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
