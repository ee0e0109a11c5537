import NIOCore
import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct WireJudgeTests {
    private static func judge(_ fields: [(String, String)], version: HTTPVersion = .http1_1) throws -> WireJudge.Framing {
        let head = HTTPRequestHead(version: version, method: .POST, uri: "/v5/_/x", headers: HTTPHeaders(fields))
        return try WireJudge.judge(head, InboundFields(head.headers))
    }

    private static func refusal(_ fields: [(String, String)], version: HTTPVersion = .http1_1) -> RefusalCode? {
        refusal { try judge(fields, version: version) }
    }

    private static func refusal(_ judge: () throws -> WireJudge.Framing) -> RefusalCode? {
        do {
            _ = try judge()
            return nil
        } catch {
            return (error as? Refusal)?.code
        }
    }

    @Test(arguments: ["gw", "GW.internal", "gw:8080", "gw:", "127.0.0.1:80", "[::1]:8080", "[FD00::1]", "a_b-c.d"])
    func `takes a Host that is a host with an optional port`(host: String) throws {
        #expect(try Self.judge([("Host", host)]) == .none)
    }

    @Test(arguments: [
        "", " ", "gw:80:80", "gw:0", "gw:65536", "gw:8o", "user@gw", "gw/x", "gw?x", "[::1", "::1", "[::1]80", "gw, other", "gw%2e",
    ])
    func `refuses a Host that is anything else`(host: String) {
        #expect(Self.refusal([("Host", host)]) == .badRequest)
    }

    @Test func `wants exactly one Host and forgives HTTP 1.0 its absence`() throws {
        #expect(Self.refusal([]) == .badRequest)
        #expect(Self.refusal([("Host", "gw"), ("hOST", "gw")]) == .badRequest)
        #expect(try Self.judge([], version: .http1_0) == .none)
        #expect(Self.refusal([("Host", "gw"), ("Host", "gw")], version: .http1_0) == .badRequest)
        #expect(Self.refusal([("Host", "")], version: .http1_0) == .badRequest)
    }

    @Test(arguments: [(0, 9), (2, 0), (3, 0), (9, 1)])
    func `speaks no version but HTTP 1`(major: Int, minor: Int) {
        #expect(Self.refusal([("Host", "gw")], version: HTTPVersion(major: major, minor: minor)) == .badRequest)
    }

    @Test(arguments: [("0", 0), ("1", 1), ("007", 7), ("12582912", 12_582_912), ("9223372036854775807", Int.max), (" 5\t", 5)])
    func `takes one decimal Content-Length`(text: String, length: Int) throws {
        #expect(try Self.judge([("Host", "gw"), ("content-LENGTH", text)]) == .length(length))
    }

    @Test(arguments: ["", "-1", "+1", "1 1", "\u{B}1", "0x10", "1e3", "1,1", "1, 1", "9223372036854775808", "99999999999999999999999", "１"])
    func `refuses a Content-Length that is anything else`(text: String) {
        #expect(Self.refusal([("Host", "gw"), ("Content-Length", text)]) == .badRequest)
    }

    @Test func `refuses a body with two lengths even when they agree`() {
        #expect(Self.refusal([("Host", "gw"), ("Content-Length", "1"), ("Content-Length", "1")]) == .badRequest)
        #expect(Self.refusal([("Host", "gw"), ("Content-Length", "1"), ("Transfer-Encoding", "chunked")]) == .badRequest)
        #expect(Self.refusal([("Host", "gw"), ("Transfer-Encoding", "chunked"), ("Content-Length", "0")]) == .badRequest)
    }

    @Test func `takes chunked once and only in HTTP 1.1`() throws {
        #expect(try Self.judge([("Host", "gw"), ("Transfer-Encoding", "Chunked")]) == .chunked)
        #expect(Self.refusal([("Host", "gw"), ("Transfer-Encoding", "chunked")], version: .http1_0) == .badRequest)
        #expect(Self.refusal([("Host", "gw"), ("Transfer-Encoding", "chunked"), ("transfer-encoding", "chunked")]) == .badRequest)
    }

    @Test(arguments: ["", "identity", "gzip", "gzip, chunked", "chunked, chunked", "chunked,", "xchunked", "chunked;q=1"])
    func `refuses every other transfer coding`(coding: String) {
        #expect(Self.refusal([("Host", "gw"), ("Transfer-Encoding", coding)]) == .badRequest)
    }

    /// For HTTP/1.1 they don't reach `WireJudge`: the parser of heads refuses them; for HTTP/2 they do.
    @Test func `control characters in values are refused, a tab and bytes above ASCII are not`() throws {
        func read(_ value: String) throws -> WireJudge.Framing {
            var decoder = RequestDecoder(limits: WireLimits())
            decoder.feed(ByteBuffer(string: "POST /v5/_/x HTTP/1.1\r\nHost: gw\r\nX-Any: \(value)\r\n\r\n"))
            guard case .head(_, _, let framing) = try decoder.next() else { throw WireFault.malformed }
            return try framing.get()
        }
        func judgeStream(_ value: String) throws -> WireJudge.Framing {
            let head = HTTPRequestHead(version: .http2, method: .POST, uri: "/v5/_/x", headers: ["host": "gw", "x-any": value])
            return try WireJudge.judgeStream(head, InboundFields(head.headers), isWhole: true)
        }
        for byte in (0...0x1F).map(UInt8.init) + [0x7F] where byte != 0x09 {
            let value = "a" + String(UnicodeScalar(byte)) + "b"
            #expect(Self.refusal { try read(value) } == .badRequest, "byte \(byte)")
            #expect(Self.refusal { try judgeStream(value) } == .badRequest, "byte \(byte)")
        }
        #expect(try read("a\tb é") == .none)
        #expect(try judgeStream("a\tb é") == .none)
    }
}
