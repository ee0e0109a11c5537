import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct HTTPTransportResponseTests {
    /// Sends one request to an upstream that answers with these bytes and closes.
    private func answer(_ bytes: String, method: String = "GET", thenReset: Bool = false) async throws -> Exchange {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(bytes)
            if thenReset { connection.reset() }
        }
        defer { upstream.close() }
        return try await TransportRig.run { rig in try await rig.send(.to(upstream.url, method: method)) }
    }

    @Test(
        arguments: [
            (method: "GET", bytes: "200 OK\r\nContent-Length: 3\r\n\r\nabc", framing: .contentLength(3), length: 3, body: "abc"),
            (
                method: "GET", bytes: "200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nTrailer: t\r\n\r\n",
                framing: .chunked, length: nil, body: "abc"
            ),
            (method: "GET", bytes: "200 OK\r\n\r\nabc", framing: .closeDelimited, length: nil, body: "abc"),
            (method: "GET", bytes: "204 No Content\r\n\r\n", framing: .none, length: nil, body: ""),
            (method: "GET", bytes: "304 Not Modified\r\nContent-Length: 3\r\n\r\n", framing: .none, length: 3, body: ""),
            (method: "HEAD", bytes: "200 OK\r\nContent-Length: 3\r\n\r\n", framing: .none, length: 3, body: ""),
            (method: "GET", bytes: "200 OK\r\nContent-Length: 0\r\n\r\n", framing: .contentLength(0), length: 0, body: ""),
            (method: "GET", bytes: "404 \r\nContent-Length: 3\r\n\r\nabc", framing: .contentLength(3), length: 3, body: "abc"),
            (
                method: "GET", bytes: "401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", framing: .contentLength(0),
                length: 0, body: ""
            ),
            (
                method: "GET", bytes: "302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", framing: .contentLength(0),
                length: 0, body: ""
            ),
            (
                method: "GET", bytes: "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", framing: .contentLength(3),
                length: 3,
                body: "abc"
            ),
        ] as [(method: String, bytes: String, framing: ResponseHead.Framing, length: Int?, body: String)])
    func `knows how a body ends`(
        _ row: (method: String, bytes: String, framing: ResponseHead.Framing, length: Int?, body: String)
    ) async throws {
        let exchange = try await answer("HTTP/1.1 " + row.bytes, method: row.method)
        #expect(exchange.error == nil)
        #expect(exchange.head?.framing == row.framing)
        #expect(exchange.head?.contentLength == row.length)
        #expect(exchange.head?.status == Int(row.bytes.prefix(3)))
        #expect(exchange.text == row.body)
        #expect(exchange.summary.bytesReceived == row.body.utf8.count)
    }

    @Test func `hands fields over in order and as received, without interim heads and trailers`() async throws {
        let exchange = try await answer(
            "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                + "HTTP/1.1 200 Very Well\r\nb: 2\r\nA:1\r\nb:  3 \r\nC:  4\nD: 5 \nE:\t6\r\nEmpty:\r\nBlank: \r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: t\r\n\r\n"
        )
        let head = try #require(exchange.head)
        #expect(head.version == .http11)
        #expect(
            Array(head.fields) == [
                HeaderField("b", "2"), HeaderField("A", "1"), HeaderField("b", "3"), HeaderField("C", "4"),
                HeaderField("D", "5"), HeaderField("E", "6"), HeaderField("Empty", ""), HeaderField("Blank", ""),
                HeaderField("Transfer-Encoding", "chunked"),
            ]
        )
        #expect(Self.lines(of: head.fields) == Array(head.fields).map { "\($0.name): \($0.value)\r\n" })
        #expect(head.fields.values(named: "B") == ["2", "3"])
        #expect(head.fields.first(named: "a") == "1")
    }

    private static func lines(of fields: HeaderBlock) -> [String] {
        var lines: [String] = []
        fields.forEachLine { _, line in lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    /// One handle is used for both, and reads its next head into the memory of the last one unless that is still
    /// referenced.
    @Test func `leaves a head that was kept as it is when the next one arrives`() async throws {
        let upstream = ScriptedUpstream { connection in
            for name in ["first", "second"] {
                guard connection.readRequest() != nil else { return }
                connection.write("HTTP/1.1 200 OK\r\nX-Name: \(name)\r\nContent-Length: 0\r\n\r\n")
            }
        }
        defer { upstream.close() }
        let (first, second) = try await TransportRig.run { rig in
            (try await rig.send(.to(upstream.url)), try await rig.send(.to(upstream.url)))
        }
        #expect(first.head?.fields.values(named: "x-name") == ["first"])
        #expect(second.head?.fields.values(named: "x-name") == ["second"])
        #expect(second.head?.fields.count == 2)
    }

    @Test func `hands over every byte of a field that is not UTF-8`() async throws {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            _ = connection.write(Array("HTTP/1.1 204 No Content\r\nX: a".utf8) + [0xFC, 0x62] + Array("\r\n\r\n".utf8))
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in try await rig.send(.to(upstream.url)) }
        #expect(exchange.head?.fields.withBytes(at: 0) { Array($1) } == [0x61, 0xFC, 0x62])
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc", .framing), ("HTTP/1.1 200 OK\r\nContent-Length: 0x3\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nabc", .framing),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .framing),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .framing),
            ("HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 0\r\n\r\n", .fieldLine),
            ("HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 0\r\n\r\n", .fieldLine),
            ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", .fieldLine),
            ("HTTP/1.1 200 OK\r\n: y\r\nContent-Length: 0\r\n\r\n", .fieldLine),
            ("HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n", .fieldLine),
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", .switchingProtocols),
            ("HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", .statusLine), ("HTTP/1.1 20 Odd\r\nContent-Length: 0\r\n\r\n", .statusLine),
            ("HTTP/1.1 2000 Odd\r\nContent-Length: 0\r\n\r\n", .statusLine), ("HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n", .statusLine),
            ("<html>not HTTP at all</html>\r\n\r\n", .syntax), ("SSH-2.0-OpenSSH_9.2\r\n", .syntax),
        ] as [(String, ProtocolFault)])
    func `refuses a head with two readings`(bytes: String, fault: ProtocolFault) async throws {
        let exchange = try await answer(bytes)
        guard case .protocolViolation(let found) = exchange.error else {
            Issue.record("\(String(describing: exchange.error))")
            return
        }
        // libcurl may notice first; what matters is that nothing was passed on.
        #expect(found == fault || found == .syntax)
        #expect(exchange.head == nil)
        #expect(exchange.summary.requestMayHaveLeft)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", true), ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", true),
        ("HTTP/1.1 200 OK\r\nContent-Le", false), ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", false), ("", false),
        ("HTTP/1.1 100 Continue\r\n\r\n", false),
    ])
    func `never takes a cut for the end`(bytes: String, afterHead: Bool) async throws {
        for thenReset in [false, true] {
            let exchange = try await answer(bytes, thenReset: thenReset)
            #expect(exchange.error != nil)
            #expect(exchange.head == nil || afterHead)
            if !thenReset { #expect((exchange.head != nil) == afterHead) }
            #expect(exchange.error?.phase != .connecting)
        }
    }

    @Test(arguments: [
        (
            name: "one long line", line: "X: " + String(repeating: "a", count: 300_000) + "\r\n", count: 1,
            error: TransportError.headersTooLarge
        ),
        (name: "many lines", line: "X: " + String(repeating: "a", count: 1000) + "\r\n", count: 300, error: .headersTooLarge),
        (name: "many short lines", line: "X: a\r\n", count: 1001, error: .responseTooManyHeaders),
    ])
    func `bounds a head`(_ row: (name: String, line: String, count: Int, error: TransportError)) async throws {
        let exchange = try await answer(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + String(repeating: row.line, count: row.count) + "\r\n"
        )
        #expect(exchange.error == row.error)
        #expect(exchange.head == nil)
    }

    @Test func `bounds interim responses that never end`() async throws {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            let interim = Array("HTTP/1.1 102 Processing\r\nX: \(String(repeating: "a", count: 1000))\r\n\r\n".utf8)
            while connection.write(interim) == interim.count {}
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in try await rig.send(.to(upstream.url)) }
        #expect(exchange.error == .headersTooLarge)
    }

    @Test(arguments: [
        "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nEVIL",
    ])
    func `never takes what an upstream said before a request for the answer to it`(bytes: String) async throws {
        let upstream = ScriptedUpstream { connection in
            while let request = connection.readRequest() {
                connection.write(request.hasPrefix("GET /first") ? bytes : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nGOOD")
            }
        }
        defer { upstream.close() }
        try await TransportRig.run { rig in
            let first = try await rig.send(.to(upstream.url, target: "/first"))
            #expect(first.error == nil)
            let second = try await rig.send(.to(upstream.url, target: "/second"))
            #expect(second.text == "GOOD")
        }
    }

    @Test func `does not use a connection again on which the upstream spoke unasked`() async throws {
        let firstIsOver = Gate()
        let hasSpoken = Gate()
        let upstream = ScriptedUpstream { connection in
            guard let request = connection.readRequest() else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nGOOD")
            guard request.hasPrefix("GET /first") else { return }
            firstIsOver.wait()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL")
            hasSpoken.open()
            _ = connection.readRequest()
        }
        defer { upstream.close() }
        try await TransportRig.run { rig in
            _ = try await rig.send(.to(upstream.url, target: "/first"))
            firstIsOver.open()
            await hasSpoken.passed()
            let second = try await rig.send(.to(upstream.url, target: "/second"))
            #expect(second.text == "GOOD")
            #expect(!second.summary.reusedConnection)
        }
    }
}
