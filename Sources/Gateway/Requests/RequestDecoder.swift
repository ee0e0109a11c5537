import NIOCore
import NIOHTTP1

/// Takes the requests out of the bytes of one HTTP/1.1 connection (RFC 9112), a part at a time, whenever it is asked.
///
/// Invariants:
/// 1. What it lets pass has one reading: lines end in CRLF and nothing else, a request line has single spaces, nothing is folded, repaired or
///    skipped but empty lines before a request. `WireJudge` says how the body is framed, once, from the fields that it also judges.
/// 2. After the first fault nothing more is taken from the connection.
/// 3. It holds at most one head and what the last read brought: no line, extension or trailer grows without bound.
/// 4. No byte is looked at twice, however the bytes are cut into reads.
///
/// Our own rather than NIOHTTP1's llhttp, whose leniency (two spaces in a request line, chunk extensions of any length, chunk sizes near
/// 2^64) could only be judged from the bytes in front of it; and whose way through callbacks, boxes and handlers cost a request 12 thousand
/// instructions, four times as many as this one's. `RequestDecoderTests` holds it against llhttp.
struct RequestDecoder {
    /// What there is of a request, in order: one head, any number of body pieces, one end.
    enum Part {
        case head(HTTPRequestHead, InboundFields, Result<WireJudge.Framing, Refusal>)
        case body(ByteBuffer)
        case end
    }

    private enum State {
        case head
        /// So much of the body is still to come.
        case body(Int)
        case chunks(ChunkedBody)
        /// What ended the last part has been read; it only has to be told.
        case ending
        case failed
    }

    private let limits: WireLimits
    private var input = ByteBuffer()
    private var state = State.head
    private var lines: HeadLines

    init(limits: WireLimits) {
        self.limits = limits
        lines = HeadLines(limits: limits)
    }

    /// Whether bytes wait that no part was made of yet.
    var hasInput: Bool { input.readableBytes > 0 }

    /// Whether a request has begun whose head is not complete.
    var isInHead: Bool { if case .head = state { lines.hasBegun } else { false } }

    /// How many bytes the chunked body under way has at least; nil outside of one.
    var announcedBytes: Int? { if case .chunks(let body) = state { body.announced } else { nil } }

    /// Takes what was read from the connection.
    mutating func feed(_ bytes: ByteBuffer) {
        if case .failed = state { return }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.discardReadBytes()
            input.writeImmutableBuffer(bytes)
        }
    }

    /// The next part that is whole; nil when more bytes are needed, or after a fault.
    mutating func next() throws(Refusal) -> Part? {
        do throws(Refusal) {
            let part = try take()
            // An idle connection holds no memory for input.
            if input.readableBytes == 0 { input = ByteBuffer() }
            return part
        } catch {
            fail()
            throw error
        }
    }

    private mutating func fail() {
        state = .failed
        input = ByteBuffer()
    }

    private mutating func take() throws(Refusal) -> Part? {
        switch state {
        case .head:
            return try takeHead()
        case .body(let rest):
            guard let piece = input.readSlice(length: min(rest, input.readableBytes)), piece.readableBytes > 0 else { return nil }
            state = piece.readableBytes == rest ? .ending : .body(rest - piece.readableBytes)
            return .body(piece)
        case .chunks(var body):
            let piece = try body.take(from: &input)
            state = body.isComplete ? .ending : .chunks(body)
            if let piece { return .body(piece) }
            return body.isComplete ? try take() : nil
        case .ending:
            state = .head
            return .end
        case .failed:
            return nil
        }
    }

    private mutating func takeHead() throws(Refusal) -> Part? {
        guard let length = try lines.end(in: input) else { return nil }
        guard let bytes = input.readSlice(length: length) else { return nil }
        let head = try HeadParser.parse(bytes, lines: lines)
        lines = HeadLines(limits: limits)
        let fields = InboundFields(head.headers)
        let framing = Result { () throws(Refusal) in try WireJudge.judge(head, fields) }
        switch framing {
        case .success(.none), .success(.length(0)): state = .ending
        case .success(.length(let length)): state = .body(length)
        case .success(.chunked): state = .chunks(ChunkedBody(limits: limits))
        case .failure: fail()
        }
        return .head(head, fields, framing)
    }
}
