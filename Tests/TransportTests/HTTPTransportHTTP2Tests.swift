import Foundation
import NIOCore
import Testing

@testable import Transport

private let nghttpdIsInstalled =
    FileManager.default.isExecutableFile(atPath: "/usr/sbin/nghttpd") || FileManager.default.isExecutableFile(atPath: "/usr/bin/nghttpd")

@Suite(.timeLimit(.minutes(10)), .enabled(if: nghttpdIsInstalled, "nghttpd is needed: apt-get install nghttp2-server"))
struct HTTPTransportHTTP2Tests {
    /// How HTTP/2 is negotiated.
    enum Way: CaseIterable {
        case alpn
        case priorKnowledge
    }

    /// nghttpd with a small and a large file, and a transport for it.
    private func serve<Result: Sendable>(_ way: Way, largeFile: Int = 1, _ body: (TransportRig, String) async throws -> Result) async throws
        -> Result
    {
        let authority = try TestAuthority()
        let small = Data("small\n".utf8)
        try small.write(to: authority.directory.appendingPathComponent("small"))
        try Data(repeating: 0x61, count: largeFile).write(to: authority.directory.appendingPathComponent("large"))
        let port = freePort()
        var arguments = ["-a", "127.0.0.1", "-d", authority.directory.path, "--echo-upload"]
        var configuration = TransportConfiguration()
        switch way {
        case .alpn:
            arguments += [String(port), authority.keyFile, authority.certificateFile]
            configuration.certificateAuthorityFile = authority.authorityFile
        case .priorKnowledge:
            arguments += ["--no-tls", String(port)]
            configuration.http2 = .priorKnowledge
        }
        let process = try #require(try TestProcess("nghttpd", arguments))
        try await waitUntilListening(port)
        let result = try await TransportRig.run(configuration) { rig in
            try await body(rig, "\(way == .alpn ? "https" : "http")://127.0.0.1:\(port)")
        }
        withExtendedLifetime(process) {}
        return result
    }

    /// A port that is free; nghttpd can't choose one and report it. Below those that the kernel chooses for others meanwhile.
    private func freePort() -> Int {
        while true {
            let port = Int.random(in: 20_000..<32_000)
            if ScriptedUpstream.isFree(port) { return port }
        }
    }

    private func waitUntilListening(_ port: Int) async throws {
        try await TransportRig.run { rig in
            while try await rig.send(.to("http://127.0.0.1:\(port)")).error == .couldNotConnect {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// The head of a request is passed to libcurl as one text, in the form of HTTP/1.x.
    @Test(arguments: [false, true])
    func `speaks HTTP/2, also with an origin that turns to it, all fields unharmed`(turns: Bool) async throws {
        let authority = try TestAuthority()
        try Data("small\n".utf8).write(to: authority.directory.appendingPathComponent("small"))
        var configuration = TransportConfiguration()
        configuration.certificateAuthorityFile = authority.authorityFile
        let port = freePort()
        try await TransportRig.run(configuration) { rig in
            func send() async throws -> Exchange {
                let fields = [HeaderField("X-One", "1"), HeaderField("User-Agent", "u/1"), HeaderField("X-Empty", ""), HeaderField("X-Two", "2")]
                return try await rig.send(.to("https://127.0.0.1:\(port)", target: "/small", fields: fields))
            }
            if turns {
                let keys = ["-cert", authority.certificateFile, "-key", authority.keyFile]
                let server = try #require(try TestProcess("openssl", ["s_server", "-accept", "127.0.0.1:\(port)", "-www"] + keys))
                _ = try #require(server.line(containing: "ACCEPT"))
                #expect(try await send().head?.version == .http10)
                withExtendedLifetime(server) {}
            }
            let options = ["-v", "-a", "127.0.0.1", "-d", authority.directory.path, String(port), authority.keyFile, authority.certificateFile]
            let server = try #require(try TestProcess("nghttpd", options))
            try await waitUntilListening(port)
            let exchange = try await send()
            #expect(exchange.head?.version == .http2)
            #expect(exchange.text == "small\n")
            var seen: [String] = []
            // The fields come in libcurl's order; the answer's follow.
            while seen.last?.contains("send HEADERS") != true { seen.append(try #require(server.line(containing: ""))) }
            for line in [":path: /small", ":authority: 127.0.0.1:\(port)", "x-one: 1", "x-empty:", "x-two: 2", "user-agent: u/1"] {
                #expect(seen.contains { $0.contains(line) }, "\(line) in \(seen)")
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `speaks HTTP/2`(way: Way) async throws {
        try await serve(way) { rig, url in
            let exchange = try await rig.send(.to(url, target: "/small"))
            #expect(exchange.error == nil)
            #expect(exchange.head?.version == .http2)
            #expect(exchange.head?.framing == .contentLength(6))
            #expect(exchange.text == "small\n")
            let missing = try await rig.send(.to(url, target: "/missing", isReplayable: true))
            #expect(missing.head?.status == 404)
            let canBeReused = try way == .alpn || CurlLibrary.abilities.get().reusesPriorKnowledgeConnections
            #expect(missing.summary.reusedConnection == canBeReused)
            // Requests that must not be repeated share no connection: HTTP/2 may reject a stream after it was
            // sent.
            let once = try await rig.send(.to(url, target: "/small"))
            #expect(once.text == "small\n" && !once.summary.reusedConnection)
            let head = try await rig.send(.to(url, method: "HEAD", target: "/small"))
            #expect(head.error == nil)
            #expect(head.head?.framing == ResponseHead.Framing.none)
            let echo = try await rig.send(.to(url, method: "POST", target: "/echo", body: "what goes in"))
            #expect(echo.error == nil)
            #expect(echo.text == "what goes in")
        }
    }

    @Test(arguments: Way.allCases)
    func `serves 64 at the same time`(way: Way) async throws {
        let errors = try await serve(way) { rig, url in
            try await withThrowingTaskGroup(of: [TransportError].self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        var errors: [TransportError] = []
                        for _ in 0..<20 {
                            let exchange = try await rig.send(.to(url, target: "/small"))
                            if let error = exchange.error { errors.append(error) } else { #expect(exchange.text == "small\n") }
                        }
                        return errors
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(errors == [])
    }

    @Test func `lets another take over when its connection has died in silence`() async throws {
        let authority = try TestAuthority()
        try Data("small\n".utf8).write(to: authority.directory.appendingPathComponent("small"))
        var configuration = TransportConfiguration()
        configuration.certificateAuthorityFile = authority.authorityFile
        configuration.firstByteTimeout = .seconds(5)
        let port = freePort()
        let arguments = ["-a", "127.0.0.1", "-d", authority.directory.path, String(port), authority.keyFile, authority.certificateFile]
        let server = try #require(try TestProcess("nghttpd", arguments))
        try await waitUntilListening(port)
        try await TransportRig.run(configuration) { rig in
            let request = try OutboundRequest.to("https://127.0.0.1:\(port)", target: "/small", isReplayable: true)
            #expect(try await rig.send(request).text == "small\n")
            #expect(try await rig.onLoop { $0.successor() === $0 })
            server.suspend()
            #expect(try await rig.send(request).error == .timedOut(.firstByte))
            let isAnother = try await rig.onLoop { transport in
                let next = transport.successor()
                if next !== transport { _ = next.shutdown() }
                return next !== transport
            }
            #expect(isAnother)
        }
    }

    @Test(arguments: Way.allCases)
    func `pauses one stream and not the others`(way: Way) async throws {
        let size = 32 * 1024 * 1024
        try await serve(way, largeFile: size) { rig, url in
            let small = try OutboundRequest.to(url, target: "/small")
            let exchange = try await rig.start(.to(url, target: "/large"), keepsBody: false) { transport, delegate, box in
                var isFirst = true
                let eventLoop = rig.eventLoop
                delegate.onBody = { _ in
                    guard isFirst else { return .continue }
                    isFirst = false
                    let done = eventLoop.makePromise(of: Exchange.self)
                    _ = transport.send(small, to: RecordingDelegate(done))
                    let bound = NIOLoopBound(box, eventLoop: eventLoop)
                    done.futureResult.whenComplete { result in
                        if case .success(let other) = result {
                            #expect(other.text == "small\n", "\(way) \(String(describing: other.error))")
                        }
                        bound.value.transfer?.resume()
                    }
                    return .pause
                }
            }
            #expect(exchange.error == nil)
            #expect(exchange.bodyBytes == size)
        }
    }
}
