import Policy
import Testing
import Transport

@testable import Gateway

/// The effects of an endpoint that can't be connected to.
@Suite(.timeLimit(.minutes(10))) struct EndpointDownTests {
    private static func get(_ gateway: RunningGateway, _ project: String = "north") async throws -> RawAnswer {
        let caller = try RawCaller(port: gateway.port)
        caller.send("GET /v5/\(project)/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n")
        return try #require(await caller.answer())
    }

    private static func answers(_ count: Int, _ gateway: RunningGateway, _ project: String = "north") async throws -> [RawAnswer] {
        var answers: [RawAnswer] = []
        for _ in 0..<count { answers.append(try await get(gateway, project)) }
        return answers
    }

    private static func calls(_ gateway: RunningGateway) async -> UInt64 {
        await gateway.dataPort.reading().calls.reduce(0) { $0 + $1.histogram.total }
    }

    @Test func `when requests time out the next ones are refused at once, and another region with the same key goes on`() async throws {
        let hole = try BlackHole()
        let healthy = try ScriptedUpstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" }
        var setup = RunningGateway.Setup()
        // Long enough for the other region's on a busy machine.
        setup.transport.connectTimeout = .seconds(1)
        setup.south = healthy.url
        setup.workerCount = 2
        try await withGateway(upstream: hole.url, setup) { gateway in
            let first = try await Self.answers(3, gateway)
            #expect(first.map { $0.member("error_code") } == ["HSSGW.5040", "HSSGW.5040", "HSSGW.5040"])
            // On a slow machine the next request may come after the pause, and then probes the endpoint.
            var probes: UInt64 = 0
            var answer = try await Self.get(gateway)
            while answer.status == 504, probes < 20 {
                probes += 1
                answer = try await Self.get(gateway)
            }
            #expect(answer.status == 502)
            #expect(answer.member("error_code") == "HSSGW.5020")
            #expect(answer["retry-after"] == "1")
            #expect(answer.member("error_msg")?.contains("endpoint is down: connections to it time out") == true)
            #expect(gateway.dataPort.circuits.reading.map { $0.fault == nil }.sorted { !$0 && $1 } == [false, true])
            let others = try await Self.answers(10, gateway, "south")
            #expect(Set(others.map(\.status)) == [200])
            let calls = await Self.calls(gateway)
            #expect(calls == 13 + probes)
        }
    }

    @Test(arguments: [400, 401, 404, 429, 500, 502, 503, 504])
    func `errors that HSS answers never take it for down`(status: Int) async throws {
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 \(status) Some\r\nContent-Length: 2\r\n\r\n{}" }
        try await withGateway(upstream: upstream.url) { gateway in
            let answers = try await Self.answers(12, gateway)
            #expect(Set(answers.map(\.status)) == [status])
        }
        #expect(upstream.requests.count == 12)
    }

    @Test func `connections that break off after the request never take it for down`() async throws {
        let upstream = try ScriptedUpstream { _ in nil }
        try await withGateway(upstream: upstream.url) { gateway in
            let answers = try await Self.answers(12, gateway)
            #expect(Set(answers.map { $0.member("error_code") }) == ["HSSGW.5022"])
        }
    }
}
