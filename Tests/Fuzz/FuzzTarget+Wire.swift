import NIOCore
import NIOHTTP1

@testable import Administration
@testable import Gateway
@testable import Inquiry

// MARK: - Frames of HTTP/2

extension FuzzTarget {
    /// What a caller sends behind the preface of HTTP/2, whole and in pieces, and how it is answered.
    static func readFrames(_ bytes: [UInt8]) {
        let whole = exchanged([FuzzStreams.preface + bytes])
        var pieces: [[UInt8]] = [FuzzStreams.preface]
        var start = 0
        while start < bytes.count {
            // Where it is cut follows from the bytes; a run of zeros isn't cut at each.
            let end = min(bytes.count, start + 1 + (Int(bytes[start]) + start * 31) % 128)
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        let cut = exchanged(pieces)
        precondition(cut.events == whole.events, "frames are read the same in pieces")
        precondition(cut.sent == whole.sent, "and answered the same")
        var rest = whole.sent[...]
        while !rest.isEmpty {
            let head = Array(rest.prefix(9))
            precondition(head.count == 9, "whole frames are sent")
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            precondition(length <= 16_384 && rest.count >= 9 + length, "none longer than every caller takes")
            rest = rest.dropFirst(9 + length)
        }
    }

    private static func exchanged(_ pieces: [[UInt8]]) -> (events: [String], sent: [UInt8]) {
        let streams = FuzzStreams(limits: WireLimits())
        streams.receive(pieces)
        let came = streams.events
        return (came, streams.answer())
    }
}

// MARK: - The admin port

extension FuzzTarget {
    private static let limits: WireLimits = {
        var limits = WireLimits()
        limits.requestBody = AdminBody.longest
        return limits
    }()
    private static let places = RecordSources(instance: "gw-1", journal: RecordArchive(directory: "/nonexistent"), fleet: nil)
    private static let offers = ["text/plain", "application/openmetrics-text", "application/json"]

    /// Requests to the admin port up to the question that they ask; nothing is answered.
    static func readAdminRequest(_ bytes: [UInt8]) {
        var decoder = RequestDecoder(limits: limits)
        decoder.feed(ByteBuffer(bytes: bytes))
        var open: (head: HTTPRequestHead, fields: InboundFields, body: ByteBuffer)?
        while let part = try? decoder.next() {
            switch part {
            case .head(let head, let fields, let framing):
                guard case .success = framing else { return }
                open = (head, fields, ByteBuffer())
            case .body(let piece): open?.body.writeImmutableBuffer(piece)
            case .end:
                guard let whole = open, let target = try? TargetForm.originForm(of: whole.head.uri, host: whole.fields.host) else { return }
                let client = AdminClient(certificate: nil, source: "192.0.2.1")
                check(
                    Request(
                        whole.head.method, target: target, headers: whole.head.headers, authority: whole.fields.host, body: whole.body,
                        client: client))
            }
        }
    }

    private static func check(_ request: Request) {
        precondition(AdminRights.methods(at: request.path).count <= 3, "a path takes a few methods")
        precondition(AdminRights.need(request.method, route: "/nothing") == .operatorRole, "what nobody knows is an operator's")
        let again = request.parameters.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
        let copy = Request(.GET, target: "/?\(again)", headers: [:], authority: nil, body: ByteBuffer(), client: request.client)
        precondition(
            copy.parameters.map { [$0.name, $0.value] } == request.parameters.map { [$0.name, $0.value] }, "what is written is read as the same")
        if let best = AcceptField(request).best(of: offers) { precondition(offers.indices.contains(best), "one of what is offered") }
        if let host = request.authority {
            _ = LocalAuthority.isLocal(host)
            let page = BrowserOrigin(origins: request.headers["Origin"], sites: request.headers["Sec-Fetch-Site"])
            _ = page.isForeign(to: host)
        }
        if let body = try? AdminBody(request) {
            let said = request.field("Content-Type")?.lowercased() ?? ""
            precondition(said.drop { $0 == " " || $0 == "\t" }.hasPrefix("application/json"), "only what says that it is JSON")
            _ = try? body.text("reason")
        }
        if let own = try? OwnParameters(request, takes: ["from", "to"]) { _ = try? own.number("from") }
        ask(request)
    }

    /// A question about spans of time, whose ends are numbers of whoever asks.
    private static func ask(_ request: Request) {
        guard let question = try? SummaryQuestion(request, filters: SummaryQuestion.exchanges, own: ["buckets"], places: places) else { return }
        guard let parts = try? question.number("buckets", 1...RollupQuestion.mostParts, or: 48) else { return }
        let rollups = question.rollups(since: question.query.since ?? question.now, parts: parts, deadline: .now)
        precondition(rollups.parts == parts && rollups.step > 0, "as many parts as were asked for, each of some length")
        _ = (rollups.time(of: 0), rollups.time(of: parts), rollups.stepMicroseconds)
        for newest in [0, rollups.begin, rollups.begin + rollups.step * Int64(parts), 29_891_520] {
            var end = Int64.min
            for piece in rollups.pieces(newest: newest) {
                precondition((0..<parts).contains(piece.part) && piece.slots.lowerBound >= end && !piece.slots.isEmpty, "each minute counts once")
                end = piece.slots.upperBound
            }
        }
        _ = question.query.selection("line", from: "r")
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        return text.utf8.map { "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }
}
