import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct HTTPTransportRequestTests {
    @Test(
        arguments: [
            (method: "GET", body: nil, length: nil), (method: "GET", body: "abc", length: "3"), (method: "HEAD", body: nil, length: nil),
            (method: "POST", body: nil, length: "0"), (method: "POST", body: "", length: "0"), (method: "POST", body: "abc", length: "3"),
            (method: "PUT", body: nil, length: "0"), (method: "PUT", body: "abc", length: "3"), (method: "PATCH", body: nil, length: "0"),
            (method: "PATCH", body: "abc", length: "3"), (method: "DELETE", body: nil, length: nil),
            (method: "DELETE", body: "abc", length: "3"),
            (method: "OPTIONS", body: nil, length: nil),
        ] as [(method: String, body: String?, length: String?)])
    func `sends each method with nothing but what was asked for`(method: String, body: String?, length: String?) async throws {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 204 No Content\r\n\r\n") }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in
            try await rig.send(.to(upstream.url, method: method, target: "/v5/p?q=1", body: body))
        }
        #expect(exchange.error == nil)
        var expected = "\(method) /v5/p?q=1 HTTP/1.1\r\nHost: 127.0.0.1:\(upstream.port)\r\n"
        if let length { expected += "Content-Length: \(length)\r\n" }
        #expect(upstream.requests == [expected + "\r\n" + (body ?? "")])
    }

    @Test func `sends fields in order, repeated, empty and as they are`() async throws {
        #expect(
            try await sent(fields: Self.fields) { port in
                "POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n" + Self.fieldLines + "Content-Length: 2\r\n\r\n{}"
            }
        )
    }

    @Test func `sends a head with a User-Agent as one ready-made text, where only HTTP/1.1 can be spoken`() async throws {
        let agent = HeaderField("User-Agent", "u/1 (x)")
        for position in [0, 4, Self.fields.count] {
            var fields = Self.fields
            fields.insert(agent, at: position)
            #expect(
                try await sent(fields: fields) { port in
                    "POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n" + Self.fieldLines
                        + "User-Agent: u/1 (x) HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
                }
            )
        }
    }

    private static let fields = [
        HeaderField("X-One", "1"), HeaderField("x-empty", ""), HeaderField("X-One", " 2\t"),
        HeaderField("Content-Type", "application/json"),
        HeaderField("Accept", "a/b"), HeaderField("Authorization", "SDK-HMAC-SHA256 Access=a"), HeaderField("Cookie", "c"),
        HeaderField("X-Semicolon", ";"), HeaderField("X-Umlaut", "ü"),
    ]

    private static let fieldLines =
        "X-One: 1\r\nx-empty:\r\nX-One: 2\r\nContent-Type: application/json\r\nAccept: a/b\r\n"
        + "Authorization: SDK-HMAC-SHA256 Access=a\r\nCookie: c\r\nX-Semicolon: ;\r\nX-Umlaut: ü\r\n"

    /// Whether exactly these bytes reach an upstream.
    private func sent(fields: [HeaderField], expected: (Int) -> String) async throws -> Bool {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 204 No Content\r\n\r\n") }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in
            try await rig.send(.to(upstream.url, method: "POST", target: "/a?b", fields: fields, body: "{}"))
        }
        #expect(exchange.error == nil)
        return upstream.requests == [expected(Int(upstream.port))]
    }

    @Test(arguments: [
        "/", "/a/../b/./c", "/a%2Fb%2e%2e//c", "/%7Bproject_id%7D?a=b&a=c&d", "/?", "/a;b=c,d@e:!$&'()*+", "/a?b=c?d/../e", "/\"<>\\^`{|}",
    ])
    func `puts the target on the wire byte for byte`(target: String) async throws {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 204 No Content\r\n\r\n") }
        defer { upstream.close() }
        _ = try await TransportRig.run { rig in try await rig.send(.to(upstream.url, target: target)) }
        #expect(upstream.requests.first?.hasPrefix("GET \(target) HTTP/1.1\r\n") == true)
    }

    @Test(
        arguments: [
            (.to(method: "GE T"), .method), (.to(method: ""), .method), (.to(method: "GET\r\nX: y"), .method),
            (.to(method: "CONNECT"), .method),
            (.to(target: "a"), .target), (.to(target: ""), .target), (.to(target: "/a b"), .target), (.to(target: "/a\r\n"), .target),
            (.to(target: "/a\0"), .target), (.to(target: "/ü"), .target), (.to(target: "/a#b"), .target),
            (.to(target: "/" + String(repeating: "a", count: 32 * 1024)), .target), (.to(method: "HEAD", body: "x"), .unexpectedBody),
            (.to(field: "X:", "y"), .fieldName), (.to(field: "", "y"), .fieldName), (.to(field: "X Y", "y"), .fieldName),
            (.to(field: "X\r\nY", "y"), .fieldName), (.to(field: "X;", "y"), .fieldName), (.to(field: "X", "a\r\nY: b"), .fieldValue),
            (.to(field: "X", "a\0b"), .fieldValue), (.to(field: "X", "a\nb"), .fieldValue), (.to(field: "X", "a\rb"), .fieldValue),
            (.to(field: "X", "\u{7F}"), .fieldValue), (.to(field: "Content-Length", "1"), .reservedField),
            (.to(field: "transfer-encoding", "chunked"), .reservedField), (.to(field: "HOST", "a"), .reservedField),
            (.to(field: "Connection", "close"), .reservedField), (.to(field: "Expect", "100-continue"), .reservedField),
            (.to(field: "X", String(repeating: "a", count: 128 * 1024)), .headTooLarge),
        ] as [(Candidate, RequestFault)])
    func `refuses what may not be sent, without a connection`(_ candidate: Candidate, fault: RequestFault) async throws {
        let upstream = ScriptedUpstream { _ in }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in
            let request = try OutboundRequest.to(
                upstream.url,
                method: candidate.method,
                target: candidate.target,
                fields: candidate.field.map { [$0] } ?? [],
                body: candidate.body
            )
            return try await rig.send(request)
        }
        #expect(exchange.error == .invalidRequest(fault))
        #expect(upstream.connections == 0)
    }

    @Test func `goes from one kind of request to any other on the same connection`() async throws {
        let upstream = ScriptedUpstream { connection in
            while let request = connection.readRequest() {
                connection.write(
                    request.hasPrefix("HEAD")
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        defer { upstream.close() }
        let kinds: [(String, String?)] = [
            ("GET", nil), ("POST", "abc"), ("HEAD", nil), ("PUT", nil), ("DELETE", nil), ("DELETE", "x"), ("PUT", "y"),
        ]
        try await TransportRig.run { rig in
            for first in kinds {
                for second in kinds {
                    for (method, body) in [first, second] {
                        let exchange = try await rig.send(.to(upstream.url, method: method, body: body))
                        #expect(exchange.error == nil)
                        #expect(exchange.text == (method == "HEAD" ? "" : "ok"))
                    }
                }
            }
        }
        let sent = kinds.flatMap { first in kinds.flatMap { [first, $0] } }
        #expect(upstream.connections == 1)
        #expect(upstream.requests.count == sent.count)
        for (request, (method, body)) in zip(upstream.requests, sent) {
            #expect(request.hasPrefix("\(method) / HTTP/1.1\r\n"))
            #expect(request.hasSuffix("\r\n\r\n" + (body ?? "")))
            let announces = body != nil || method == "POST" || method == "PUT"
            #expect(request.contains("Content-Length: \(body?.utf8.count ?? 0)\r\n") == announces)
        }
    }

    @Test(arguments: [[], [HeaderField("User-Agent", "u")]])
    func `carries a body of some megabytes and a token of 32 KiB unharmed`(agent: [HeaderField]) async throws {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 204 No Content\r\n\r\n") }
        defer { upstream.close() }
        let body = String(repeating: "0123456789abcdef", count: 12 * 65_536)
        let token = String(repeating: "t", count: 32_768)
        let exchange = try await TransportRig.run { rig in
            try await rig.send(.to(upstream.url, method: "POST", fields: agent + [HeaderField("X-Auth-Token", token)], body: body))
        }
        #expect(exchange.error == nil)
        #expect(upstream.requests.first?.hasSuffix("\r\n\r\n" + body) == true)
        #expect(upstream.requests.first?.contains("\r\nX-Auth-Token: \(token)\r\n") == true)
    }
}

/// A request with one fault.
struct Candidate: Sendable, CustomTestStringConvertible {
    var method = "GET"
    var target = "/"
    var field: HeaderField?
    var body: String?

    static func to(method: String, body: String? = nil) -> Candidate { Candidate(method: method, body: body) }
    static func to(target: String) -> Candidate { Candidate(target: target) }
    static func to(field name: String, _ value: String) -> Candidate { Candidate(field: HeaderField(name, value)) }

    var testDescription: String { "\(method.debugDescription) \(target.prefix(20).debugDescription) \(field?.name.debugDescription ?? "")" }
}
