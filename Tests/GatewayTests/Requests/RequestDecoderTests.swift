import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Gateway

/// The results of both decoders, in one form.
private struct Request: Equatable {
    var method: String
    var uri: String
    var version: String
    var fields: [String]
    var body: String
}

@Suite struct RequestDecoderTests {
    /// The decoder's result for bytes in these pieces; nil after a fault.
    private static func decode(_ pieces: [[UInt8]]) -> [Request]? {
        var decoder = RequestDecoder(limits: WireLimits())
        var requests: [Request] = []
        do {
            for piece in pieces {
                decoder.feed(ByteBuffer(bytes: piece))
                while let part = try decoder.next() {
                    switch part {
                    case .head(let head, _, let framing):
                        _ = try framing.get()
                        requests.append(
                            Request(
                                method: head.method.rawValue, uri: head.uri, version: "\(head.version)",
                                fields: head.headers.map { "\($0.name): \($0.value)" }, body: ""
                            )
                        )
                    case .body(let bytes): requests[requests.count - 1].body += String(buffer: bytes)
                    case .end: requests[requests.count - 1].body += "|"
                    }
                }
            }
        } catch {
            return nil
        }
        return requests
    }

    /// The same by NIOHTTP1's llhttp, all bytes at once.
    private static func reference(_ bytes: [UInt8]) -> [Request]? {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        var requests: [Request] = []
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                switch part {
                case .head(let head):
                    requests.append(
                        Request(
                            method: head.method.rawValue, uri: head.uri, version: "\(head.version)",
                            fields: head.headers.map { "\($0.name): \(trimmed($0.value))" }, body: ""
                        )
                    )
                case .body(let bytes): requests[requests.count - 1].body += String(buffer: bytes)
                case .end: requests[requests.count - 1].body += "|"
                }
            }
        } catch {
            return nil
        }
        return requests
    }

    private static func trimmed(_ value: String) -> String { String(Substring(value).trimmingBlanks()) }

    private static func pieces(of bytes: [UInt8], cutBy random: inout SplitMix64) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int.random(in: 1...max(1, min(rest.count, 40)), using: &random)
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    /// A few requests, well-formed, on one connection.
    private static func requests(using random: inout SplitMix64) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let method = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"].randomElement(using: &random) ?? "GET"
            text += "\(method) /v5/p/\(Int.random(in: 0...9_999, using: &random))?q=%20a HTTP/1.1\r\nHost: gw.test\r\n"
            for index in 0..<Int.random(in: 0...5, using: &random) {
                text += "X-\(index):\(["", " ", "\t "].randomElement(using: &random) ?? "")v\(index) \r\n"
            }
            switch Int.random(in: 0...2, using: &random) {
            case 0:
                text += "\r\n"
            case 1:
                let body = String(repeating: "b", count: Int.random(in: 0...60, using: &random))
                text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            default:
                text += "Transfer-Encoding: chunked\r\n\r\n"
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    let data = String(repeating: "c", count: Int.random(in: 1...40, using: &random))
                    text +=
                        "\(String(data.utf8.count, radix: 16, uppercase: Bool.random(using: &random)))\(Bool.random(using: &random) ? ";a=b" : "")\r\n\(data)\r\n"
                }
                text += "0\r\n\(Bool.random(using: &random) ? "X-T: 1\r\n" : "")\r\n"
            }
        }
        return text
    }

    @Test func `reads what llhttp reads, however the bytes are cut`() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<400 {
            let bytes = Array(Self.requests(using: &random).utf8)
            let expected = Self.reference(bytes)
            #expect(expected != nil)
            #expect(Self.decode([bytes]) == expected, "\(String(decoding: bytes, as: UTF8.self))")
            #expect(Self.decode(Self.pieces(of: bytes, cutBy: &random)) == expected)
        }
    }

    @Test func `never reads damaged bytes otherwise than llhttp, and never differently for how they are cut`() {
        var random = SplitMix64(seed: 12)
        let interesting: [UInt8] = Array("\r\n :;,\t\0".utf8) + [0x7F, 0x80, 0xFF, UInt8(ascii: "0"), UInt8(ascii: "f"), UInt8(ascii: "A")]
        var accepted = 0
        for _ in 0..<6_000 {
            var bytes = Array(Self.requests(using: &random).utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let position = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[position] = interesting.randomElement(using: &random) ?? 0
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: position)
                default: bytes.remove(at: position)
                }
            }
            let own = Self.decode([bytes])
            #expect(Self.decode(Self.pieces(of: bytes, cutBy: &random)) == own, "\(String(decoding: bytes, as: UTF8.self))")
            guard let own, own.last?.body.hasSuffix("|") == true else { continue }
            accepted += 1
            // llhttp may find a fault after the complete requests; what both return must be equal.
            if let reference = Self.reference(bytes) {
                #expect(own == Array(reference.prefix(own.count)), "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(accepted > 100)
    }

    @Test(arguments: [
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", " GET / HTTP/1.1\r\n", "GET\t/ HTTP/1.1\r\n",
        "GET / HTTP/1.1 \r\n",
        "GET /\r\n", "GET / HTTP/01.1\r\n", "GET / http/1.1\r\n", "GET / HTTP/1,1\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n: a\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n", "\u{5}\u{1}\0", "\0GET / HTTP/1.1\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    ])
    func `refuses a head that could be read in two ways`(text: String) {
        #expect(Self.decode([Array(text.utf8)]) == nil)
        #expect(Self.decode(Array(text.utf8).map { [$0] }) == nil)
    }

    @Test(arguments: [
        "g\r\n", " 1\r\n", "1 \r\n", "+1\r\n", "-1\r\n", "0x1\r\n", "\r\n", "ffffffffffffffff\r\n", "0000000000000000000000001\r\n", "1\na\r\n",
        "1;a\nb\r\n",
        "1;a\r b\r\n", "1 a=b\r\n", "1\r\na\n0\r\n", "1\r\nab\r\n", "1\r\na0\r\n", "0\r\nX : 1\r\n\r\n", "0\r\nX\r\n\r\n",
        "1;" + String(repeating: "e", count: 2_000) + "\r\na\r\n",
    ])
    func `refuses chunks that could be read in two ways`(body: String) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body
        #expect(Self.decode([Array(text.utf8)]) == nil)
        #expect(Self.decode(Array(text.utf8).map { [$0] }) == nil)
    }

    @Test func `bounds a head, its fields, its lines and its trailers`() throws {
        let limits = WireLimits()
        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let tooLarge = [
            "GET /" + String(repeating: "a", count: limits.headerBlock), start + "X: " + String(repeating: "a", count: limits.headerBlock),
            start + String(repeating: "X: a\r\n", count: limits.fieldCount), String(repeating: "\r\n", count: limits.headerBlock),
        ]
        for text in tooLarge {
            var decoder = RequestDecoder(limits: limits)
            decoder.feed(ByteBuffer(string: text))
            #expect(throws: WireFault.headTooLarge) { try decoder.next() }
            #expect(!decoder.hasInput)
        }
        let fitting = start + String(repeating: "X: a\r\n", count: limits.fieldCount - 1) + "\r\n"
        #expect(Self.decode([Array(fitting.utf8)])?.count == 1)
        let trailers =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "X: a\r\n", count: limits.fieldCount + 1)
        #expect(Self.decode([Array(trailers.utf8)]) == nil)
    }

    @Test func `tells a head that has begun from empty lines before one`() throws {
        var decoder = RequestDecoder(limits: WireLimits())
        decoder.feed(ByteBuffer(string: "\r\n"))
        #expect(try decoder.next() == nil)
        #expect(!decoder.isInHead)
        decoder.feed(ByteBuffer(string: "G"))
        #expect(try decoder.next() == nil)
        #expect(decoder.isInHead)
    }
}
