import NIOCore
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(10))) struct AcceptGateTests {
    private static let request = "GET /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n"

    @Test func `serves who is there and lets the next one in when one leaves`() async throws {
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" }
        var setup = RunningGateway.Setup()
        setup.limits.connections = 2
        setup.limits.turnedAway = 0
        try await withGateway(upstream: upstream.url, setup) { gateway in
            var callers: [RawCaller] = []
            for _ in 0..<2 {
                let caller = try RawCaller(port: gateway.port)
                caller.send(Self.request)
                #expect(try #require(await caller.answer()).status == 200)
                callers.append(caller)
            }
            // In the kernel's queue: completed, but not accepted.
            let waiting = try RawCaller(port: gateway.port)
            waiting.send(Self.request)
            for caller in callers {
                caller.send(Self.request)
                #expect(try #require(await caller.answer()).status == 200)
            }
            #expect(gateway.dataPort.gate.open == 2)
            callers.removeLast()
            #expect(try #require(await waiting.answer()).status == 200)
        }
    }

    @Test func `asks every listener that waits again when there is room`() {
        let gate = AcceptGate(capacity: 1)
        #expect(gate.mayAccept {})
        gate.entered()
        let (first, second) = (SharedCount(), SharedCount())
        #expect(!gate.mayAccept { first.add(1) })
        #expect(!gate.mayAccept { second.add(1) })
        gate.left()
        #expect([first.value, second.value] == [1, 1])
        gate.entered()
        #expect(!gate.mayAccept { first.add(1) })
        gate.setCapacity(2)
        #expect(first.value == 2)
    }
}
