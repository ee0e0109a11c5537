import Hummingbird
import Logging
import NIOCore
import Testing

@testable import Administration
@testable import Gateway

@Suite(.timeLimit(.minutes(10))) struct AdminServerTests {
    private static let request = "GET /livez HTTP/1.1\r\nHost: gw\r\n\r\n"

    private static func withServer(_ change: (inout AdminPort.Limits) -> Void, _ body: (AdminServer, Int) async throws -> Void) async throws {
        var limits = AdminPort.Limits()
        change(&limits)
        let router = Router()
        router.get("/livez") { _, _ in "ok" }
        router.get("/large") { _, _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(repeating: 0x61, count: 32 << 20))) }
        let server = AdminServer(
            responder: router.buildResponder(), gate: AcceptGate(capacity: limits.connections), limits: limits,
            tls: { nil }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
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
            // What is begun has a shorter time than what is not.
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
}
