import Policy
import Synchronization
import Testing

@testable import Gateway

/// Answers that are buffered before they are passed on arrive completely, and the connection stays usable after them.
@Suite(.timeLimit(.minutes(10))) struct HeldAnswerTests {
    private static let export =
        "POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    @Test(arguments: [429, 401], [300, (16 << 10) - 1, 16 << 10, (16 << 10) + 1, 40_000, 400_000])
    func `passes an answer on whole, whatever its length`(status: Int, length: Int) async throws {
        for isChunked in [false, true] { try await Self.passesOn(status, length, isChunked: isChunked) }
    }

    private static func passesOn(_ status: Int, _ length: Int, isChunked: Bool) async throws {
        let body = #"{"error_code":"HSS.0429","x":""# + String(repeating: "a", count: length - 32) + #""}"#
        let framed =
            isChunked
            ? "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            : "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let answers = Mutex(["HTTP/1.1 \(status) No\r\nContent-Type: application/json\r\n\(framed)"])
        let upstream = try ScriptedUpstream { _ in
            answers.withLock { $0.isEmpty ? "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"task_id\":1}" : $0.removeFirst() }
        }
        var setup = RunningGateway.Setup()
        setup.flow = FlowRules(pace: .adaptive)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.export + Self.export)
            let first = try #require(await caller.answer())
            #expect(first.status == status)
            #expect(first.body == body)
            let second = try #require(await caller.answer())
            #expect(second.status == 200)
            #expect(second.body == #"{"task_id":1}"#)
        }
    }

    @Test func `a quota's refusal leaves again and nobody sees it, one that is cut short is an error`() async throws {
        let throttled = #"{"error_code":"APIGW.0308","error_msg":"policy user over ratelimit,limit:5,time:1 second"}"#
        let answers = Mutex<[String?]>([
            "HTTP/1.1 429 No\r\nConnection: close\r\nContent-Length: \(throttled.utf8.count)\r\n\r\n\(throttled)",
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 429 No\r\nConnection: close\r\nContent-Length: 900\r\n\r\n\(throttled)", nil,
        ])
        let upstream = try ScriptedUpstream(closingAfterAnswer: true) { _ in answers.withLock { $0.removeFirst() } }
        var setup = RunningGateway.Setup()
        setup.flow = FlowRules(pace: .adaptive)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.export)
            #expect(await caller.answer()?.status == 200)
            caller.send(Self.export)
            #expect(await caller.answer()?.member("error_code") == "HSSGW.5022")
        }
    }

    @Test func `exports with one key that wait are bounded by a setting of their own`() async throws {
        let gate = Gate()
        let upstream = try ScriptedUpstream { _ in
            gate.wait()
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"task_id\":\"a\"}"
        }
        var setup = RunningGateway.Setup()
        setup.limits.sameKey = 1
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let keyed = Self.export.replacing("Host: gw\r\n", with: "Host: gw\r\nIdempotency-Key: one\r\n")
            let callers = try (0..<3).map { _ in try RawCaller(port: gateway.port) }
            for (index, caller) in callers.enumerated() {
                caller.send(keyed)
                while index < 2, await gateway.dataPort.reading().activeRequests <= index { await Task.yield() }
            }
            let refused = try #require(await callers[2].answer())
            #expect(refused.status == 503)
            #expect(refused.body.contains("Idempotency-Key") && refused.body.contains("limits.same_key"))
            gate.open()
            #expect(await callers[0].answer()?.status == 200)
            #expect(await callers[1].answer()?["idempotency-replayed"] == "true")
        }
    }
}
