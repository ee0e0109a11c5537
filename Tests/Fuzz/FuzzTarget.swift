import NIOCore
import NIOHTTP1
import Policy

@testable import Gateway

/// A fuzz target: a corpus and its mutations as input. Each target checks an invariant, and ends the process when it is violated.
enum FuzzTarget: String, CaseIterable {
    /// RFC 9112: requests of one connection, whole and in pieces.
    case requestDecoder = "request-decoder"
    /// A request's path and query, from the request line to the form that is signed and sent.
    case target
    /// A head of HTTP/2, from its HPACK block.
    case streamHead = "stream-head"
    /// The cursor of a page of records.
    case cursor
    /// A query of records, as query parameters.
    case query
    /// A line of the journal, and everything derived from it.
    case journalRecord = "journal-record"
    /// Checkpoints, their keys, and the evidence about removed segments.
    case checkpoint
    /// Proofs of inclusion and consistency.
    case proof
    /// Evidence about single records, as a page or JSON.
    case bundle
    /// Exports of the Cloud Trace Service.
    case cloudTrace = "cloud-trace"
    /// JSON Web Tokens of callers.
    case token
    /// `Authorization` with a virtual key's signature, and the fields that it covers.
    case authorization
    /// The operator's file.
    case configuration
    /// Heads of HSS's answers.
    case upstreamHead = "upstream-head"
    /// A segment of the journal, plain or compressed.
    case segment
    /// A journal's directory as a start finds it.
    case start
    /// What beside the journal is read at a start: the memory, callers' keys, the tree's frontier.
    case stateFile = "state-file"
    /// Frames of HTTP/2, on their way to the library and through it.
    case frames
    /// A request to the admin port, up to the question that it asks.
    case adminRequest = "admin-request"
    /// A form in a request's body.
    case form
    /// JSON in a request's body, and the removal of a member.
    case json
    /// Answers of HSS, of identity services and of collectors.
    case answer
    /// The text that is signed, three times.
    case signing
    /// Times in all forms that are read.
    case times
    /// Host, origin, reason and forwarding hops of a request.
    case origin
    /// Trace context.
    case trace
    /// A line of the journal, by each reader that takes its members from it.
    case recordLine = "record-line"
    /// Figures that were rolled up, and spans of time that are made up of them.
    case rollup
    /// The state of a line before HSS's quota, as a fleet's database has it.
    case lineState = "line-state"

    func run(_ bytes: [UInt8]) {
        switch self {
        case .requestDecoder: Self.decode(bytes)
        case .target: Self.readTarget(bytes)
        case .streamHead: Self.readStreamHead(bytes)
        case .cursor: Self.readCursor(bytes)
        case .query: Self.readQuery(bytes)
        case .journalRecord: Self.readRecord(bytes)
        case .checkpoint: Self.readCheckpoint(bytes)
        case .proof: Self.readProof(bytes)
        case .bundle: Self.readBundle(bytes)
        case .cloudTrace: Self.readCloudTraces(bytes)
        case .token: Self.readToken(bytes)
        case .authorization: Self.readAuthorization(bytes)
        case .configuration: Self.readConfiguration(bytes)
        case .upstreamHead: Self.readUpstreamHead(bytes)
        case .segment: Self.readSegment(bytes)
        case .start: Self.readDirectory(bytes)
        case .stateFile: Self.readStateFile(bytes)
        case .frames: Self.readFrames(bytes)
        case .adminRequest: Self.readAdminRequest(bytes)
        case .form: Self.readForm(bytes)
        case .json: Self.readBody(bytes)
        case .answer: Self.readAnswer(bytes)
        case .signing: Self.sign(bytes)
        case .times: Self.readTime(bytes)
        case .origin: Self.readOrigin(bytes)
        case .trace: Self.readTrace(bytes)
        case .recordLine: Self.readLine(bytes)
        case .rollup: Self.readRollup(bytes)
        case .lineState: Self.readLineState(bytes)
        }
    }
}

// MARK: - Requests of HTTP/1.1

extension FuzzTarget {
    private struct Decoded: Equatable {
        var heads: [String] = []
        var bodies: [[UInt8]] = []
        var ends = 0
        var isFaulty = false
    }

    private static let limits: WireLimits = {
        var limits = WireLimits()
        limits.headerBlock = 4_096
        limits.fieldCount = 50
        return limits
    }()

    private static func decode(_ bytes: [UInt8]) {
        let whole = decoded([bytes[...]])
        // The split positions follow from the bytes, so that a finding can be reproduced.
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + Int(bytes[start] & 15))
            pieces.append(bytes[start..<end])
            start = end
        }
        let cut = decoded(pieces)
        precondition(cut == whole, "read differently in pieces: \(bytes) \(cut) \(whole)")
    }

    private static func decoded(_ pieces: [ArraySlice<UInt8>]) -> Decoded {
        var decoder = RequestDecoder(limits: limits)
        var result = Decoded()
        for piece in pieces {
            decoder.feed(ByteBuffer(bytes: piece))
            do {
                while let part = try decoder.next() { take(part, into: &result) }
            } catch {
                result.isFaulty = true
            }
        }
        return result
    }

    private static func take(_ part: RequestDecoder.Part, into result: inout Decoded) {
        switch part {
        case .head(let head, _, let framing):
            precondition(head.uri.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }, "a target without blanks and controls")
            for (name, value) in head.headers {
                precondition(!name.isEmpty && !value.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }, "a field that is one line")
            }
            if case .failure = framing { result.isFaulty = true }
            result.heads.append("\(head.method) \(head.uri) \(head.version) \(head.headers)")
            result.bodies.append([])
        case .body(let bytes):
            precondition(!result.bodies.isEmpty, "no body without a head")
            result.bodies[result.bodies.count - 1] += Array(bytes.readableBytesView)
        case .end:
            result.ends += 1
            precondition(result.ends == result.heads.count, "each request ends once")
        }
    }
}

// MARK: - Targets

extension FuzzTarget {
    private static func readTarget(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let origin = try? TargetForm.originForm(of: text, host: "gw.test") else { return }
        guard let target = try? RequestTarget(originForm: origin) else { return }
        let sent = target.pathAndQuery
        precondition(sent.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }, "what is sent is printable ASCII")
        guard let again = try? RequestTarget(originForm: sent) else { preconditionFailure("what is sent can be read") }
        precondition(again == target, "what is sent means the same to whoever reads it")
        precondition(!target.path.utf8.elementsEqual("/..".utf8) && !target.path.contains("/../") && !target.path.contains("/./"), "no dot segments")
    }
}

// MARK: - Heads of HTTP/2

extension FuzzTarget {
    private static func readStreamHead(_ bytes: [UInt8]) {
        guard bytes.count <= 16_384 else { return }
        let isWhole = bytes.count % 2 == 0
        let head = [0, UInt8(bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count), 1, isWhole ? 5 : 4, 0, 0, 0, 1] as [UInt8]
        let streams = FuzzStreams(limits: limits)
        streams.receive([FuzzStreams.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0] + head + bytes])
        guard let block = streams.heads.first?.fields else { return }
        let request = StreamHead(block, isWhole: isWhole, limits: limits)
        guard case .success(let framing) = request.framing else { return }
        precondition(!isWhole || framing == .none, "a whole request has no body")
        // The same request in HTTP/1.1 is read as the same by that strict decoder: nothing in it can split it there.
        var text = "\(request.head.method.rawValue) \(request.head.uri) HTTP/1.1\r\n"
        for (name, value) in request.head.headers where name != "content-length" { text += "\(name): \(value)\r\n" }
        text += "\r\n"
        var strict = RequestDecoder(limits: WireLimits())
        strict.feed(ByteBuffer(string: text))
        do {
            guard case .head(let head, _, _)? = try strict.next() else { preconditionFailure("a head that is whole") }
            precondition(head.uri == request.head.uri && head.method == request.head.method, "the same request line")
            precondition(head.headers.count == request.head.headers.count { $0.name != "content-length" }, "the same fields")
        } catch {
            // A method or a target that HTTP/1.1's decoder refuses is also refused before it is sent.
            precondition(error.code == .badRequest || error.code == .headersTooLarge)
        }
    }
}
