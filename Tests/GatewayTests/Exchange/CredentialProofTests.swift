import Foundation
import Policy
import Synchronization
import Testing
import Transport

@testable import Gateway

/// An unproven key: which requests are sent with it, which wait, and what other callers get.
@Suite(.timeLimit(.minutes(10))) struct CredentialProofTests {
    private static let okay = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    private static func refused(_ body: String, type: String = "application/json", _ fields: String = "") -> String {
        "HTTP/1.1 401 Unauthorized\r\nContent-Type: \(type)\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let wrongKey = refused(#"{"error_msg":"Incorrect IAM authentication information","error_code":"APIGW.0301"}"#)

    private static func get(_ gateway: RunningGateway, _ project: String = "north") async throws -> RawAnswer {
        let caller = try RawCaller(port: gateway.port)
        caller.send("GET /v5/\(project)/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n")
        return try #require(await caller.answer())
    }

    private static func together(_ count: Int, _ call: @escaping @Sendable () async throws -> RawAnswer) async throws -> [RawAnswer] {
        try await withThrowingTaskGroup(of: RawAnswer.self) { group in
            for _ in 0..<count { group.addTask { try await call() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `an HSS that refuses connections is 5020 for everybody, attempt by attempt`() async throws {
        let nobody = try Nobody()
        var setup = RunningGateway.Setup()
        setup.retry = Snapshot.RetryRules(attempts: 2, onConnect: true, onStatus: [])
        try await withGateway(upstream: nobody.url, setup) { gateway in
            for _ in 0..<5 {
                let code = try await Self.get(gateway).member("error_code")
                #expect(code == "HSSGW.5020")
            }
            let answers = try await Self.together(50) { try await Self.get(gateway) }
            #expect(Set(answers.map { $0.member("error_code") }) == ["HSSGW.5020"])
            let calls = await gateway.dataPort.reading().calls.reduce(0) { $0 + $1.histogram.total }
            // Ten for the first five. After a while the endpoint counts as down, and few of the others are sent.
            #expect((20..<110).contains(calls))
        }
    }

    @Test func `an HSS that swallows connections is 5040 for everybody`() async throws {
        let hole = try BlackHole()
        var setup = RunningGateway.Setup()
        // Long enough for all twenty to be under way before the first one ends: otherwise the endpoint would count as
        // down.
        setup.transport.connectTimeout = .seconds(5)
        try await withGateway(upstream: hole.url, setup) { gateway in
            let answers = try await Self.together(20) { try await Self.get(gateway) }
            #expect(Set(answers.map { $0.member("error_code") }) == ["HSSGW.5040"])
        }
    }

    @Test func `a region that never answers takes nothing from another with the same key`() async throws {
        let gate = Gate()
        let silent = try ScriptedUpstream { _ in
            gate.wait()
            return nil
        }
        let healthy = try ScriptedUpstream { _ in Self.okay }
        var setup = RunningGateway.Setup()
        setup.south = silent.url
        try await withGateway(upstream: healthy.url, setup) { gateway in
            let stuck = try (0..<4).map { _ in
                let caller = try RawCaller(port: gateway.port)
                caller.send("GET /v5/south/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n")
                return caller
            }
            while silent.requests.count < 2 { await Task.yield() }
            let answers = try await Self.together(100) { try await Self.get(gateway) }
            #expect(Set(answers.map(\.status)) == [200])
            #expect(silent.requests.count == 2, "two are judged at a time, the others wait")
            withExtendedLifetime(stuck) {}
            for _ in 0..<4 { gate.open() }
        }
    }

    @Test func `twenty at once before a slow HSS are all served, two first`() async throws {
        let gate = Gate()
        let upstream = try ScriptedUpstream { _ in
            gate.wait()
            return Self.okay
        }
        try await withGateway(upstream: upstream.url) { gateway in
            async let answers = Self.together(20) { try await Self.get(gateway) }
            while upstream.requests.count < 2 { await Task.yield() }
            while await gateway.dataPort.reading().activeRequests < 20 { await Task.yield() }
            #expect(upstream.requests.count == 2)
            for _ in 0..<20 { gate.open() }
            let statuses = Set(try await answers.map(\.status))
            #expect(statuses == [200])
        }
    }

    @Test(arguments: [
        refused(#"{"error_code":"HSS.0013","error_msg":"no"}"#), refused("<html>Log in</html>", type: "text/html"), refused("", type: "text/plain"),
    ])
    func `a 401 that is no failed authentication reaches the caller each time and counts for nothing`(answer: String) async throws {
        let upstream = try ScriptedUpstream { _ in answer }
        try await withGateway(upstream: upstream.url) { gateway in
            for _ in 0..<6 {
                let status = try await Self.get(gateway).status
                #expect(status == 401)
            }
        }
        #expect(upstream.requests.count == 6)
    }

    @Test(arguments: [wrongKey, refused("x", "Content-Encoding: gzip\r\n"), refused(#"{"error_code":"APIG.0301"}"#)])
    func `a refused key stops after two and says so`(answer: String) async throws {
        let upstream = try ScriptedUpstream { _ in answer }
        try await withGateway(upstream: upstream.url) { gateway in
            let answers = try await Self.together(200) { try await Self.get(gateway) }
            let ends = Set(answers.map { $0.status == 401 ? "401" : $0.member("error_code") })
            #expect(ends == ["401", "HSSGW.5031"])
        }
        #expect((2...3).contains(upstream.requests.count))
    }

    @Test func `the first call by a wrong clock is signed anew, also when it is an export, and no more than once`() async throws {
        let ahead: TimeInterval = 1_200
        let isHopeless = Mutex(false)
        let upstream = try ScriptedUpstream { request in
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(identifier: "GMT")
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            let date = "Date: \(format.string(from: Date(timeIntervalSinceNow: ahead)))\r\n"
            format.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
            let signed = request.split(separator: "\r\n").first { $0.hasPrefix("X-Sdk-Date: ") }.flatMap {
                format.date(from: String($0.dropFirst(12)))
            }
            let isFresh = signed.map { abs($0.timeIntervalSinceNow - ahead) < 900 } ?? false
            guard isFresh, !isHopeless.withLock({ $0 }) else { return Self.refused(#"{"error_code":"APIGW.0301"}"#, date) }
            return "HTTP/1.1 200 OK\r\n\(date)Content-Length: 2\r\n\r\n{}"
        }
        try await withGateway(upstream: upstream.url) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(
                "POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            #expect(await caller.answer()?.status == 200)
            #expect(upstream.requests.map { $0.hasSuffix("\r\n\r\n{}") } == [true, true])
            isHopeless.withLock { $0 = true }
            let status = try await Self.get(gateway).status
            #expect(status == 401)
            #expect(upstream.requests.count == 3, "the clock is known, so that this refusal is the key's")
        }
    }
}

/// A loopback port that neither completes nor refuses connections: its accept queue is full.
final class BlackHole: Sendable {
    private let nobody: Nobody
    private let filling: [RawCaller]
    var url: String { nobody.url }

    init() throws {
        nobody = try Nobody()
        try nobody.listenForOne()
        filling = [try RawCaller(port: nobody.port)]
    }
}
