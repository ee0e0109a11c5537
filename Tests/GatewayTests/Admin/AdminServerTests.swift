import NIOCore
import NIOHTTP1
import Testing

@testable import Administration
@testable import Gateway

@Suite(.timeLimit(.minutes(10))) struct AdminServerTests {
    private static let request = "GET /livez HTTP/1.1\r\nHost: gw\r\n\r\n"
    private static let largeBytes = 32 << 20

    private static func withServer(_ change: (inout AdminPort.Limits) -> Void, _ body: (AdminServer, Int) async throws -> Void) async throws {
        var limits = AdminPort.Limits()
        change(&limits)
        var router = Router { _ in Response(.notFound, headers: [:], text: "nothing") }
        router.get("/livez") { _ in Response(.ok, headers: [:], text: "ok") }
        router.get("/large") { _ in Response(.ok, body: [UInt8](repeating: 0x61, count: largeBytes)) }
        router.get("/unchanged") { _ in Response(.notModified, headers: ["ETag": "a"], text: "what nobody sees") }
        router.post("/echo") { Response(.ok, headers: [:], text: String(buffer: $0.body)) }
        let server = AdminServer(router: router, gate: AcceptGate(capacity: limits.connections), limits: limits) { nil }
        let listener = try await server.open(AdminPort.Address(host: "127.0.0.1", port: 0))
        let port = try #require(listener.localAddress?.port)
        do {
            try await body(server, port)
        } catch {
            await server.stop(listener)
            throw error
        }
        await server.stop(listener)
    }

    @Test func `answers with a date, one request after the other`() async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            for _ in 0..<2 {
                caller.send(Self.request)
                let answer = try #require(await caller.answer())
                #expect(answer.status == 200 && answer.body == "ok")
                #expect(answer["date"]?.hasSuffix(" GMT") == true)
            }
        }
    }

    @Test(arguments: ["", "GET /livez HTT", "POST /livez HTTP/1.1\r\nHost: gw\r\nContent-Length: 10\r\n\r\n{"])
    func `ends a connection that keeps its place without a whole request`(begun: String) async throws {
        try await Self.withServer { limits in
            limits.requestTimeout = .milliseconds(300)
            // A begun request has a shorter time than an idle connection.
            limits.idleTimeout = begun.isEmpty ? .milliseconds(300) : .hours(1)
        } _: { _, port in
            let caller = try RawCaller(port: port)
            caller.send(begun)
            _ = await caller.rest()
        }
    }

    @Test func `ends a connection whose answer is not taken`() async throws {
        try await Self.withServer {
            $0.idleTimeout = .milliseconds(300)
        } _: { server, port in
            let caller = try RawCaller(port: port)
            caller.send("GET /large HTTP/1.1\r\nHost: gw\r\n\r\n")
            #expect(await caller.seesBeginning())
            while server.connectionCount > 0 { await Task.yield() }
        }
    }

    @Test func `lets the next one in when one of as many as may be leaves`() async throws {
        try await Self.withServer {
            $0.connections = 1
            $0.crowdedTimeout = .hours(1)
        } _: { _, port in
            var first: RawCaller? = try RawCaller(port: port)
            first?.send(Self.request)
            #expect(await first?.answer()?.status == 200)
            let second = try RawCaller(port: port)
            second.send(Self.request)
            first?.send(Self.request)
            #expect(await first?.answer()?.status == 200)
            first = nil
            #expect(await second.answer()?.status == 200)
        }
    }

    @Test(
        arguments: [
            "", "GET /livez HTT", "POST /livez HTTP/1.1\r\nHost: gw\r\nContent-Length: 10\r\n\r\n{", request,
            "GET /large HTTP/1.1\r\nHost: gw\r\n\r\n",
        ])
    func `who keeps a place for nothing gives it up once all are taken`(begun: String) async throws {
        try await Self.withServer {
            $0.connections = 1
            ($0.requestTimeout, $0.idleTimeout, $0.crowdedTimeout) = (.hours(1), .hours(1), .milliseconds(300))
        } _: { _, port in
            // It doesn't read its answer.
            let first = try RawCaller(port: port)
            first.send(begun)
            // Connections are accepted in the order in which they were made.
            let second = try RawCaller(port: port)
            second.send(Self.request)
            #expect(await second.answer()?.status == 200)
            withExtendedLifetime(first) {}
        }
    }

    @Test func `answers each of several requests that came at once, in their order`() async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            let bodies = ["one", "", "three"]
            caller.send(
                bodies.map { "POST /echo HTTP/1.1\r\nHost: gw\r\nContent-Length: \($0.utf8.count)\r\n\r\n\($0)" }.joined()
                    + "POST /echo HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nfou\r\n1\r\nr\r\n0\r\nA: b\r\n\r\n")
            for body in bodies + ["four"] { #expect(await caller.answer()?.body == body) }
        }
    }

    @Test func `sends no body to HEAD and with 304, and the next answer is read from its beginning`() async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            caller.send("HEAD /livez HTTP/1.1\r\nHost: gw\r\n\r\nGET /unchanged HTTP/1.1\r\nHost: gw\r\n\r\n" + Self.request)
            let head = try #require(await caller.answer(hasBody: false))
            #expect(head.status == 200 && head["content-length"] == "2")
            let unchanged = try #require(await caller.answer(hasBody: false))
            #expect(unchanged.status == 304 && unchanged["content-length"] == nil && unchanged["etag"] == "a")
            #expect(await caller.answer()?.body == "ok")
        }
    }

    @Test func `gives a large answer whole, and whatever is left of it to a caller that has ended its own side`() async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            caller.send("GET /large HTTP/1.1\r\nHost: gw\r\n\r\n" + Self.request)
            caller.endSending()
            #expect(await caller.answer()?.body.utf8.count == Self.largeBytes)
            #expect(await caller.answer()?.body == "ok")
            #expect(await caller.seesEnd())
        }
    }

    @Test(
        arguments: [
            ("GET /livez HTTP/1.1\r\nHost: gw\r\nConnection: close\r\n\r\n", "close"), ("GET /livez HTTP/1.0\r\n\r\n", "close"),
            ("GET /livez HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "keep-alive"), ("GET http://gw/livez HTTP/1.1\r\nHost: gw\r\n\r\n", nil),
        ] as [(String, String?)])
    func `keeps a connection as long as both sides want`(request: String, connection: String?) async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            caller.send(request)
            let answer = try #require(await caller.answer())
            #expect(answer.status == 200 && answer["connection"] == connection)
            if connection == "close" {
                #expect(await caller.seesEnd())
            } else {
                caller.send(Self.request)
                #expect(await caller.answer()?.status == 200)
            }
        }
    }

    @Test(
        arguments: [
            ("GET /livez\r\n\r\n", 400), ("GET /livez HTTP/1.1\r\n\r\n", 400), ("GET /livez HTTP/1.1\nHost: gw\n\n", 400),
            ("GET /livez HTTP/1.1\r\nHost: gw\r\nHost: gw\r\n\r\n", 400), ("GET /livez HTTP/2.0\r\nHost: gw\r\n\r\n", 400),
            ("GET http://other/livez HTTP/1.1\r\nHost: gw\r\n\r\n", 400), ("get /livez HTTP/1.1\r\nHost: gw\r\n\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: gw\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: gw\r\nContent-Length: 65537\r\n\r\n", 413),
            ("POST /echo HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n", 413),
            ("GET /livez HTTP/1.1\r\nHost: gw\r\nX: \(String(repeating: "a", count: 65_536))\r\n\r\n", 431),
        ])
    func `refuses what is no request and what is too long, once, and ends the connection`(bytes: String, status: Int) async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            caller.send(bytes + Self.request)
            let answer = try #require(await caller.answer())
            #expect(answer.status == status && answer["connection"] == "close" && answer.member("error") != nil)
            #expect(await caller.seesEnd())
            let other = try RawCaller(port: port)
            other.send(Self.request)
            #expect(await other.answer()?.status == 200)
        }
    }

    @Test func `asks for the body that a caller holds back`() async throws {
        try await Self.withServer { _ in
        } _: { _, port in
            let caller = try RawCaller(port: port)
            caller.send("POST /echo HTTP/1.1\r\nHost: gw\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
            #expect(await caller.answer(hasBody: false)?.status == 100)
            caller.send("body")
            #expect(await caller.answer()?.body == "body")
            caller.send("POST /echo HTTP/1.1\r\nHost: gw\r\nExpect: 100-continue\r\nContent-Length: 65537\r\n\r\n")
            #expect(await caller.answer()?.status == 413)
            #expect(await caller.seesEnd())
        }
    }

    @Test func `tells a caller whose head or body takes too long`() async throws {
        for begun in ["GET /livez HTT", "POST /echo HTTP/1.1\r\nHost: gw\r\nContent-Length: 10\r\n\r\n{"] {
            try await Self.withServer {
                ($0.requestTimeout, $0.idleTimeout) = (.milliseconds(300), .hours(1))
            } _: { _, port in
                let caller = try RawCaller(port: port)
                caller.send(begun)
                #expect(await caller.answer()?.status == 408)
                #expect(await caller.seesEnd())
            }
        }
    }
}
