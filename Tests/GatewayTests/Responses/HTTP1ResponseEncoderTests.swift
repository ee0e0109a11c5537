import NIOCore
import Testing
import Transport

@testable import Gateway

@Suite struct HTTP1ResponseEncoderTests {
    /// The bytes of one answer, non-ASCII bytes escaped.
    private static func bytes(
        _ head: DownstreamHead, pieces: [String] = [], isHTTP10: Bool = false, closes: Bool = false
    ) -> String {
        var encoder = HTTP1ResponseEncoder()
        var buffer = ByteBuffer()
        encoder.encode(head, isHTTP10: isHTTP10, closes: closes, into: &buffer)
        for piece in pieces { Array(piece.utf8).withUnsafeBytes { encoder.encode(body: $0, into: &buffer) } }
        encoder.encodeEnd(into: &buffer)
        return buffer.readableBytesView.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "<\(String($0, radix: 16))>" }.joined()
    }

    private static func relayed(_ upstream: HeaderBlock) -> RelayedFields {
        RelayedFields(upstream: upstream, requestID: "r", auditID: "7")
    }

    /// The fields that are added to every relayed answer.
    private static let marks = "X-Request-Id: r\r\nAudit-Id: 7\r\nX-HSSGW-Source: upstream\r\n"

    private static func head(_ status: Int, _ framing: ResponseFraming) -> DownstreamHead {
        DownstreamHead(
            status: status, relayed: relayed(HeaderBlock(text: [("Server", "api"), ("Content-Length", "9")])),
            fields: [HeaderField("Vary", "*")], framing: framing
        )
    }

    @Test func `writes the upstream's fields, then ours, then the framing`() {
        #expect(
            Self.bytes(Self.head(200, .length(5)), pieces: ["he", "llo"])
                == "HTTP/1.1 200 OK\r\nServer: api\r\n\(Self.marks)Vary: *\r\nContent-Length: 5\r\n\r\nhello"
        )
    }

    @Test func `frames an unknown length in chunks and never ends them early`() {
        #expect(
            Self.bytes(Self.head(200, .unknown), pieces: ["hello", "", String(repeating: "x", count: 17)])
                == "HTTP/1.1 200 OK\r\nServer: api\r\n\(Self.marks)Vary: *\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n11\r\n\(String(repeating: "x", count: 17))\r\n0\r\n\r\n"
        )
    }

    @Test func `sends no chunks to a caller of HTTP 1.0`() {
        #expect(
            Self.bytes(Self.head(200, .unknown), pieces: ["hello"], isHTTP10: true, closes: true)
                == "HTTP/1.1 200 OK\r\nServer: api\r\n\(Self.marks)Vary: *\r\nConnection: close\r\n\r\nhello"
        )
        #expect(
            Self.bytes(Self.head(200, .length(0)), isHTTP10: true)
                == "HTTP/1.1 200 OK\r\nServer: api\r\n\(Self.marks)Vary: *\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
        )
    }

    @Test func `declares the length of an answer to HEAD without sending a body`() {
        #expect(
            Self.bytes(Self.head(200, .none(declared: 1234)))
                == "HTTP/1.1 200 OK\r\nServer: api\r\n\(Self.marks)Vary: *\r\nContent-Length: 1234\r\n\r\n"
        )
        #expect(Self.bytes(Self.head(304, .none(declared: nil))) == "HTTP/1.1 304 Not Modified\r\nServer: api\r\n\(Self.marks)Vary: *\r\n\r\n")
    }

    @Test func `announces that the connection ends`() {
        #expect(
            Self.bytes(DownstreamHead(status: 599, framing: .length(0)), closes: true)
                == "HTTP/1.1 599 Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    }

    @Test func `passes bytes that are no UTF-8 as they are`() {
        let block = HeaderBlock([("X-Name", [0xFF, 0x20, 0xC3, 0x28])])
        #expect(
            Self.bytes(DownstreamHead(status: 204, relayed: Self.relayed(block), framing: .none(declared: nil)))
                == "HTTP/1.1 204 No Content\r\nX-Name: <ff> <c3>(\r\n\(Self.marks)\r\n"
        )
    }

    /// RFC 9110 section 7.6.1: fields named in `Connection` are for this hop only, whatever their name is.
    @Test func `drops the fields that the upstream's Connection names`() {
        let block = HeaderBlock(text: [("X-Hop", "1"), ("Connection", "x-hop, close"), ("X-End", "2")])
        #expect(
            Self.bytes(DownstreamHead(status: 200, relayed: Self.relayed(block), framing: .length(0)))
                == "HTTP/1.1 200 OK\r\nX-End: 2\r\n\(Self.marks)Content-Length: 0\r\n\r\n"
        )
    }

    @Test(arguments: [(0, "0"), (9, "9"), (10, "10"), (65_536, "65536"), (Int.max, "9223372036854775807")])
    func `writes whole numbers`(value: Int, text: String) {
        var buffer = ByteBuffer()
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { memory in
            var writer = HeadWriter(memory)
            writer.put(number: value)
            return writer.count
        }
        #expect(String(buffer: buffer) == text)
    }
}
