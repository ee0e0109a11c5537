import Foundation
import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct HTTPTransportConnectionTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test(arguments: [ReadinessKind.automatic, .thread])
    func `uses a kept connection again and says so`(readiness: ReadinessKind) async throws {
        let upstream = ScriptedUpstream { $0.answerAll(Self.ok) }
        defer { upstream.close() }
        try await TransportRig.run(readiness: readiness) { rig in
            for number in 0..<300 {
                let exchange = try await rig.send(.to(upstream.url))
                #expect(exchange.text == "ok")
                #expect(exchange.summary.reusedConnection == (number > 0))
                #expect((exchange.summary.connectMicroseconds == nil) == (number > 0))
                #expect(exchange.summary.attempts == 1)
            }
        }
        #expect(upstream.connections == 1)
    }

    @Test(arguments: [ReadinessKind.automatic, .thread])
    func `serves many requests at the same time over no more connections than there are requests`(readiness: ReadinessKind) async throws {
        let upstream = ScriptedUpstream { connection in
            while let request = connection.readRequest() {
                let target = request.split(separator: " ")[1]
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(target.utf8.count)\r\n\r\n\(target)")
            }
        }
        defer { upstream.close() }
        try await TransportRig.run(readiness: readiness) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<64 {
                    group.addTask {
                        for number in 0..<20 {
                            let exchange = try await rig.send(.to(upstream.url, target: "/\(worker)/\(number)"))
                            #expect(exchange.text == "/\(worker)/\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(upstream.connections <= 64)
    }

    /// An upstream whose answers to `/slow` wait for the gate.
    private static func upstream(slowBehind gate: Gate) -> ScriptedUpstream {
        ScriptedUpstream { connection in
            while let request = connection.readRequest() {
                if request.hasPrefix("GET /slow") { gate.wait() }
                connection.write(ok)
            }
        }
    }

    /// `connections` bounds the idle ones. libcurl's own limit counts those in use as well, so that each request beyond it would have a connection of
    /// its own.
    @Test func `keeps idle connections besides those in use`() async throws {
        let (slow, kept) = (7, 2)
        let gate = Gate()
        let upstream = Self.upstream(slowBehind: gate)
        defer { upstream.close() }
        var configuration = TransportConfiguration()
        configuration.connections = kept
        try await TransportRig.run(configuration) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<slow {
                    group.addTask {
                        let exchange = try await rig.send(.to(upstream.url, target: "/slow"))
                        #expect(exchange.error == nil)
                    }
                }
                while upstream.requests.count < slow { await Task.yield() }
                for number in 0..<20 {
                    let exchange = try await rig.send(.to(upstream.url, target: "/quick"))
                    #expect(exchange.summary.reusedConnection == (number > 0))
                }
                #expect(upstream.connections == slow + 1)
                for _ in 0..<slow { gate.open() }
                try await group.waitForAll()
            }
            #expect(try await rig.onLoop { $0.openConnections } == kept)
        }
        #expect(upstream.connections == slow + 1)
    }

    @Test func `closes connections in use rather than open more than there are descriptors for`() async throws {
        let gate = Gate()
        let upstream = Self.upstream(slowBehind: gate)
        defer { upstream.close() }
        var configuration = TransportConfiguration()
        configuration.connections = 8
        configuration.openConnections = 2
        try await TransportRig.run(configuration) { rig in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let exchange = try await rig.send(.to(upstream.url, target: "/slow"))
                        #expect(exchange.error == nil)
                    }
                }
                while upstream.requests.count < 4 { await Task.yield() }
                for _ in 0..<4 { gate.open() }
                try await group.waitForAll()
            }
            #expect(try await rig.onLoop { $0.openConnections } == 2)
        }
    }

    @Test(arguments: [false, true])
    func `never sends a request twice that is not replayable`(isReplayable: Bool) async throws {
        // The second request of each connection is accepted and not answered, as by an upstream that is about
        // to fail.
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(Self.ok)
            _ = connection.readRequest()
        }
        defer { upstream.close() }
        try await TransportRig.run { rig in
            let first = try await rig.send(.to(upstream.url, method: "POST", target: "/1", body: "a"))
            #expect(first.error == nil)
            let second = try await rig.send(.to(upstream.url, method: "POST", target: "/2", body: "b", isReplayable: isReplayable))
            if isReplayable {
                #expect(second.error == nil)
                #expect(second.summary.attempts == 2)
            } else {
                #expect(second.error == .connectionLost(afterHead: false))
                #expect(second.error?.phase != .connecting)
                #expect(second.summary.requestMayHaveLeft)
                #expect(second.summary.attempts == 1)
            }
        }
        #expect(upstream.requests.filter { $0.hasPrefix("POST /2") }.count == (isReplayable ? 2 : 1))
    }

    @Test func `goes around a kept connection that the upstream has closed, also when the request is not replayable`() async throws {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(Self.ok)
        }
        defer { upstream.close() }
        try await TransportRig.run { rig in
            for _ in 0..<20 {
                let exchange = try await rig.send(.to(upstream.url, method: "POST", body: "a"))
                // The close may race with the next request; then the request is lost rather than repeated.
                #expect(exchange.error == nil || exchange.error == .connectionLost(afterHead: false))
            }
        }
        let requests = upstream.requests.count
        #expect(requests <= 20)
    }

    @Test func `tells that nobody listens`() async throws {
        let upstream = ScriptedUpstream { _ in }
        upstream.close()
        // Wait until the listener is gone.
        let exchange = try await TransportRig.run { rig in
            while true {
                let exchange = try await rig.send(.to(upstream.url))
                if exchange.error == .couldNotConnect { return exchange }
            }
        }
        #expect(exchange.error?.phase == .connecting)
        #expect(!exchange.summary.requestMayHaveLeft)
    }

    @Test func `tells that a name does not exist`() async throws {
        let exchange = try await TransportRig.run { rig in try await rig.send(.to("http://does-not-exist.invalid")) }
        #expect(exchange.error == .couldNotResolve)
        #expect(exchange.error?.phase == .connecting)
    }

    @Test func `resolves a name while it serves another request`() async throws {
        let upstream = ScriptedUpstream { $0.answerAll(Self.ok) }
        defer { upstream.close() }
        let exchange = try await TransportRig.run { rig in try await rig.send(.to("http://localhost:\(upstream.port)")) }
        #expect(exchange.error == nil)
        #expect(upstream.requests.first?.contains("Host: localhost:\(upstream.port)\r\n") == true)
    }

    @Test func `goes through a proxy by CONNECT and shows it nothing of the request`() async throws {
        let proxy = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
            connection.answerAll(Self.ok)
        }
        defer { proxy.close() }
        var configuration = TransportConfiguration()
        configuration.proxy = "http://user:secret@127.0.0.1:\(proxy.port)"
        configuration.noProxy = "direct.example"
        #expect(!"\(configuration) \(String(reflecting: configuration))".contains("secret"))
        let exchange = try await TransportRig.run(configuration) { rig in
            try await rig.send(.to("http://upstream.example", fields: [HeaderField("X-Auth-Token", "token")]))
        }
        #expect(exchange.error == nil)
        #expect(exchange.head?.fields.first(named: "X-Proxy") == nil)
        #expect(proxy.requests.count == 2)
        #expect(proxy.requests.first?.hasPrefix("CONNECT upstream.example:80 HTTP/1.1\r\n") == true)
        #expect(proxy.requests.first?.contains("token") == false)
        #expect(proxy.requests.last == "GET / HTTP/1.1\r\nHost: upstream.example\r\nX-Auth-Token: token\r\n\r\n")
    }

    @Test(arguments: [407, 502])
    func `tells that a proxy refuses`(status: Int) async throws {
        let proxy = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n")
        }
        defer { proxy.close() }
        var configuration = TransportConfiguration()
        configuration.proxy = "http://127.0.0.1:\(proxy.port)"
        let exchange = try await TransportRig.run(configuration) { rig in try await rig.send(.to("http://upstream.example")) }
        #expect(exchange.error == .proxy(status: status))
        #expect(exchange.head == nil)
        #expect(!exchange.summary.requestMayHaveLeft)
    }

    @Test func `does not ask the environment for a proxy`() async throws {
        let upstream = ScriptedUpstream { $0.answerAll(Self.ok) }
        defer { upstream.close() }
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        setenv("all_proxy", "http://127.0.0.1:1", 1)
        defer {
            unsetenv("http_proxy")
            unsetenv("all_proxy")
        }
        let exchange = try await TransportRig.run { rig in try await rig.send(.to(upstream.url)) }
        #expect(exchange.error == nil)
    }
}
