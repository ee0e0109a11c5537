import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import Gateway

/// A connection's side of HTTP/2: bytes go the way that a caller's go, and what comes of them is noted.
final class FuzzStreams: HTTP2SessionObserver {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let session: HTTP2Session
    private let limits: WireLimits
    private(set) var events: [String] = []
    private(set) var heads: [(stream: Int32, fields: StreamFields, isWhole: Bool)] = []
    private var open: Set<Int32> = []
    private var fields = StreamFields()
    private var rest: [Int32: Int] = [:]
    private var goesOn = true

    init(limits: WireLimits) {
        self.limits = limits
        session = HTTP2Session(headerBlock: limits.headerBlock)
        session.observer = self
    }

    /// Passes bytes on as they come from a socket, in these pieces.
    func receive(_ pieces: [[UInt8]]) {
        let gate = FrameGate(headerBlock: limits.headerBlock) { _ in }
        let channel = EmbeddedChannel(handler: gate)
        for piece in pieces {
            do { try channel.writeInbound(ByteBuffer(bytes: piece)) } catch { goesOn = goesOn && take(from: channel) && !(error is FrameFlood) }
            if goesOn { goesOn = take(from: channel) }
        }
        // Each turn lets some of what is held over pass.
        var turns = 0
        while goesOn, gate.isHeldOver {
            gate.turnDidCome()
            goesOn = take(from: channel)
            turns += 1
            precondition(turns < 10_000, "what was held over passes in the end")
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    private func take(from channel: EmbeddedChannel) -> Bool {
        while let next = try? channel.readInbound(as: ByteBuffer.self) {
            guard next.withUnsafeReadableBytes({ session.receive($0) }) else { return false }
        }
        return true
    }

    /// Answers all requests that are open, each with a body, and returns what is sent.
    func answer() -> [UInt8] {
        for stream in open.sorted() {
            rest[stream] = 20_000
            session.answer(DownstreamHead(status: 200, headers: ["Content-Type": "text/plain"], framing: .unknown), on: stream, isWhole: false)
        }
        while session.fill(atLeast: 50_000) {}
        return Array(session.output.readableBytesView)
    }

    func streamDidBegin(_ id: Int32) {
        precondition(open.insert(id).inserted, "a stream begins once")
        precondition(open.count <= StreamLimits.concurrentStreams, "no more streams than are allowed")
        fields = StreamFields()
        events.append("begin \(id)")
    }

    func trailersDidBegin(on id: Int32) { fields = StreamFields() }

    func take(field name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
        fields.take(name, value)
        return fields.listSize <= StreamLimits.readHead(headerBlock: limits.headerBlock)
    }

    func fieldsDidEnd(on id: Int32, endsStream: Bool) {
        precondition(open.contains(id), "fields are of a stream that is open")
        heads.append((id, fields, endsStream))
        events.append("head \(id) \(fields.headers) \(endsStream)")
    }

    func take(data: UnsafeRawBufferPointer, on id: Int32) {
        precondition(open.contains(id), "data is of a stream that is open")
        // Pieces of a frame are one event, however they come.
        if let last = events.last, last.hasPrefix("data \(id) "), let count = Int(last.split(separator: " ")[2]) {
            events[events.count - 1] = "data \(id) \(count + data.count)"
        } else {
            events.append("data \(id) \(data.count)")
        }
    }

    func dataDidEnd(on id: Int32) { events.append("end \(id)") }

    func streamDidClose(_ id: Int32) {
        precondition(open.remove(id) != nil || !events.contains("begin \(id)"), "a stream closes once")
        events.append("close \(id)")
    }

    func didResetFaultyStream() {}
    func didSendHead(on id: Int32) {}
    func didSendEnd(on id: Int32) {}
    func didSendData(on id: Int32) {}

    func nextData(on id: Int32, atMost limit: Int) -> HTTP2Session.Piece? {
        guard let left = rest[id] else { return nil }
        return HTTP2Session.Piece(count: min(left, limit), isLast: left <= limit)
    }

    func move(_ count: Int, on id: Int32, into output: inout ByteBuffer) {
        output.writeRepeatingByte(7, count: count)
        rest[id, default: 0] -= count
    }
}
