import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct HTTP2SessionTests {
    private static func begun(_ settings: [(UInt16, UInt32)] = [], headerBlock: Int = 64 << 10) -> RecordingStreams {
        let streams = RecordingStreams(headerBlock: headerBlock)
        #expect(streams.receive(HTTP2Bytes.preface + HTTP2Bytes.settings(settings)))
        return streams
    }

    private static func head(_ status: Int = 200, _ fields: HTTPHeaders = [:], framing: ResponseFraming = .unknown) -> DownstreamHead {
        DownstreamHead(status: status, headers: fields, framing: framing)
    }

    @Test func `says what it allows before it has read anything`() {
        let sent = SentFrames(RecordingStreams(headerBlock: 1_024).send())
        let settings = sent.all.first.map { $0.payload } ?? []
        #expect(sent.all.first?.kind == 4)
        let entries = stride(from: 0, to: settings.count, by: 6).map { Array(settings[$0..<$0 + 6]) }
        #expect(entries.contains([0, 3] + HTTP2Bytes.word(100)))
        #expect(entries.contains([0, 4] + HTTP2Bytes.word(65_536)))
        #expect(entries.contains([0, 6] + HTTP2Bytes.word(4_096)), "a head of four times the limit is read")
        #expect(sent.of(8) == [.init(kind: 8, flags: 0, stream: 0, payload: HTTP2Bytes.word(1 << 20 - 65_535))])
    }

    @Test func `takes a head, a body and trailers`() {
        let streams = Self.begun()
        #expect(
            streams.receive(
                HTTP2Bytes.request(1, isLast: false) + HTTP2Bytes.data([1, 2, 3]) + HTTP2Bytes.head(1, [("x-a", "b")]) + HTTP2Bytes.request(3)))
        let pseudo = [":method: GET", ":scheme: http", ":authority: a", ":path: /"]
        #expect(
            streams.events
                == ["begin 1"] + pseudo + ["head 1", "data 1 3", "trailers", "x-a: b", "head 1 end", "begin 3"] + pseudo + ["head 3 end"])
    }

    @Test func `sends an answer whose pieces come one by one, and closes the stream with the last`() {
        let streams = Self.begun()
        #expect(streams.receive(HTTP2Bytes.request(1)))
        _ = streams.send()
        streams.session.answer(Self.head(), on: 1, isWhole: false)
        #expect(SentFrames(streams.send()).all.map(\.kind) == [1])
        streams.bodies[1] = ([1, 2, 3], false)
        streams.session.resume(1)
        #expect(SentFrames(streams.send()).all == [.init(kind: 0, flags: 0, stream: 1, payload: [1, 2, 3])])
        streams.bodies[1] = ([4], true)
        streams.session.resume(1)
        #expect(SentFrames(streams.send()).all == [.init(kind: 0, flags: 1, stream: 1, payload: [4])])
        #expect(streams.events.suffix(3) == ["sent head 1", "sent end 1", "close 1"])
    }

    @Test func `sends an answer without a body as one frame`() {
        let streams = Self.begun()
        #expect(streams.receive(HTTP2Bytes.request(1)))
        _ = streams.send()
        streams.session.answer(Self.head(204, framing: .none(declared: nil)), on: 1, isWhole: true)
        let sent = SentFrames(streams.send()).all
        #expect(sent.map(\.kind) == [1] && sent.first?.flags == 5)
        #expect(sent.first?.payload == [0x89], "the table's own entry")
    }

    @Test func `keeps to the windows, and to how much is asked for at once`() {
        let streams = Self.begun([(4, 10)])
        #expect(streams.receive(HTTP2Bytes.request(1)))
        streams.bodies[1] = ([UInt8](repeating: 7, count: 200_000), true)
        streams.session.answer(Self.head(), on: 1, isWhole: false)
        #expect(SentFrames(streams.send()).of(0).map(\.payload.count) == [10])
        #expect(streams.receive(HTTP2Bytes.windowUpdate(1 << 20, stream: 1)))
        #expect(streams.receive(HTTP2Bytes.windowUpdate(1 << 20)))
        let piece = streams.send(atLeast: 40_000)
        #expect(piece.count >= 40_000 && piece.count < 40_000 + 16_393)
        var rest = SentFrames(piece).of(0).map(\.payload.count).reduce(0, +)
        rest += SentFrames(streams.send()).of(0).map(\.payload.count).reduce(0, +)
        #expect(rest == 199_990)
        #expect(streams.events.last == "close 1")
    }

    @Test func `streams of one connection get their share in turn`() {
        let streams = Self.begun([(4, 1 << 24)])
        #expect(streams.receive(HTTP2Bytes.windowUpdate(1 << 24)))
        for stream in [1, 3, 5] as [UInt32] {
            #expect(streams.receive(HTTP2Bytes.request(stream)))
            streams.bodies[Int32(stream)] = ([UInt8](repeating: 7, count: 100_000), true)
            streams.session.answer(Self.head(), on: Int32(stream), isWhole: false)
        }
        let first = SentFrames(streams.send(atLeast: 60_000)).of(0)
        #expect(Set(first.map(\.stream)) == [1, 3, 5])
    }

    @Test func `opens a window by what was taken, and not by what wasn't`() {
        for consumes in [true, false] {
            let streams = Self.begun()
            streams.consumes = consumes
            #expect(streams.receive(HTTP2Bytes.request(1, isLast: false)))
            _ = streams.send()
            for _ in 0..<3 { #expect(streams.receive(HTTP2Bytes.data([UInt8](repeating: 0, count: 16_000)))) }
            let updates = SentFrames(streams.send()).of(8, stream: 1)
            #expect(updates.isEmpty != consumes)
            if !consumes {
                streams.session.consume(48_000, on: nil)
                #expect(SentFrames(streams.send()).of(8, stream: 1).isEmpty, "the stream is not to go on")
            }
        }
    }

    @Test func `never uses more of a table than its own, whatever is offered, and indexes only what answers repeat`() {
        let streams = Self.begun([(1, .max)])
        var sizes: [Int] = []
        for number in 0..<200 {
            let stream = UInt32(2 * number + 1)
            #expect(streams.receive(HTTP2Bytes.request(stream)))
            let fields: HTTPHeaders = ["Content-Type": "application/json", "X-Unique": "\(number)-\(String(repeating: "u", count: 100))"]
            streams.session.answer(Self.head(200, fields, framing: .length(0)), on: Int32(stream), isWhole: true)
            sizes += SentFrames(streams.send()).of(1).map(\.payload.count)
        }
        #expect(sizes.count == 200)
        #expect(sizes[0] > sizes[1], "what is repeated is a reference from the second answer on")
        #expect(Set(sizes[1...9]).count == 1 && Set(sizes[100...]).count == 1, "and stays one, since nothing displaces it")
    }

    @Test func `stops in a head that its connection reads no further`() {
        let streams = Self.begun()
        streams.largestHead = 1_000
        // One field of the table, then thousands of references to it.
        let bomb = [0x40, 6] + Array("x-bomb".utf8) + [100] + [UInt8](repeating: 0x62, count: 100) + [UInt8](repeating: 0xBE, count: 10_000)
        #expect(!streams.receive(HTTP2Bytes.frame(1, flags: 5, stream: 1, bomb)))
        #expect(streams.events.count < 20)
        #expect(!streams.session.isBroken)
        streams.session.sendGoAway(.enhanceYourCalm)
        #expect(SentFrames(streams.send()).of(7).map { Array($0.payload.suffix(4)) } == [HTTP2Bytes.word(11)])
    }

    @Test func `stops in such a head also if each byte comes alone`() {
        let streams = Self.begun()
        streams.largestHead = 1_000
        let field = [0x40, 6] + Array("x-bomb".utf8) + [100] + [UInt8](repeating: 0x62, count: 100)
        let bytes = HTTP2Bytes.frame(1, flags: 5, stream: 1, field + [UInt8](repeating: 0xBE, count: 1_000))
        let taken = bytes.prefix { streams.receive([$0]) }.count
        #expect(taken < bytes.count && streams.events.count < 20)
    }

    @Test func `refuses streams beyond those that may be open, and reports faults`() {
        let streams = Self.begun()
        for number in 0..<101 { #expect(streams.receive(HTTP2Bytes.request(UInt32(2 * number + 1), isLast: false))) }
        let sent = SentFrames(streams.send())
        #expect(sent.of(3) == [.init(kind: 3, flags: 0, stream: 201, payload: HTTP2Bytes.word(7))])
        #expect(streams.events.count { $0 == "faulty" } == 1)
        // A window beyond the largest is a fault of the stream.
        #expect(streams.receive(HTTP2Bytes.windowUpdate(0x7FFF_FFFF, stream: 1)))
        _ = streams.send()
        #expect(streams.events.count { $0 == "faulty" } == 2)
    }

    @Test func `says goodbye and still takes what crosses it`() {
        let streams = Self.begun()
        streams.session.sendShutdownNotice()
        #expect(SentFrames(streams.send()).of(7).map(\.payload) == [HTTP2Bytes.word(0x7FFF_FFFF) + HTTP2Bytes.word(0)])
        #expect(streams.receive(HTTP2Bytes.request(1)))
        #expect(streams.events.last == "head 1 end")
        #expect(streams.session.wantsToReceive)
    }

    @Test func `gives up on what breaks the protocol, and says so`() {
        for wrong in [HTTP2Bytes.data([1], stream: 5), HTTP2Bytes.request(2), HTTP2Bytes.frame(1, flags: 5, stream: 1, [0xFF, 0xFF, 0xFF])] {
            let streams = Self.begun()
            _ = streams.receive(wrong)
            let sent = SentFrames(streams.send())
            #expect(sent.of(7).count == 1)
            #expect(!streams.session.wantsToReceive && !streams.session.wantsToSend)
        }
        let other = RecordingStreams()
        #expect(!other.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)))
        #expect(other.session.isBroken && other.send().isEmpty)
    }

    @Test func `is freed with everything that is under way`() {
        weak var session: HTTP2Session?
        do {
            let streams = Self.begun()
            session = streams.session
            #expect(streams.receive(HTTP2Bytes.request(1, isLast: false) + HTTP2Bytes.data([1]) + HTTP2Bytes.frame(1, stream: 3, [0x82])))
            streams.session.answer(Self.head(), on: 1, isWhole: false)
        }
        #expect(session == nil)
    }
}
