import Catalogue
import Foundation
import NIOCore
import Testing

@testable import Gateway

/// The data port's own answers, and that nothing is sent to HSS then.
@Suite(.timeLimit(.minutes(10))) struct DataPortRefusalTests {
    private static let export = "/v5/_/image/baseline/export"
    private static let read = "/v5/_/host-management/hosts"

    private static func silentUpstream() throws -> ScriptedUpstream {
        try ScriptedUpstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" }
    }

    @Test func `refuses before the body and keeps the record`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.allowed = [.read]
        let gateway = try await RunningGateway(upstream: upstream.url, setup)
        let caller = try RawCaller(port: gateway.port)
        // The announced body never comes: the answer must not wait for it.
        caller.send("POST \(Self.export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 1000000\r\n\r\n")
        let answer = try #require(await caller.answer())
        await gateway.stop()

        #expect(answer.status == 403)
        #expect(answer.member("error_code") == "HSSGW.4031")
        #expect(answer.member("rule") == "default-deny")
        #expect(answer["connection"] == "close")
        #expect(answer["x-hssgw-source"] == "gateway")
        #expect(upstream.requests.isEmpty)
        let record = try #require(try gateway.folder.records().first { $0["id"] as? String == answer["audit-id"] })
        #expect(record["phase"] as? String == "refusal")
        #expect(record["decision"] as? String == "deny")
        #expect(record["outcome"] as? String == "refused")
        #expect(record["error_code"] as? String == "HSSGW.4031")
    }

    @Test func `keeps the connection when the refused body is short`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.allowed = [.read]
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send("POST \(Self.export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 2\r\n\r\n{}")
            #expect(try #require(await caller.answer()).status == 403)
            caller.send("GET \(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
            #expect(try #require(await caller.answer()).status == 200)
        }
    }

    @Test(arguments: [
        ("GET /v5/other/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n", 403, "HSSGW.4033"),
        ("GET /v5/_/no/such/thing HTTP/1.1\r\nHost: gw\r\n\r\n", 403, "HSSGW.4030"),
        ("PATCH /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n", 403, "HSSGW.4030"),
        ("GET /v3/auth/tokens HTTP/1.1\r\nHost: gw\r\n\r\n", 404, "HSSGW.4002"),
        ("GET /v5/_/a/../host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n", 400, "HSSGW.4000"),
        ("GET \(read)?enterprise_project_id=a&enterprise_project_id=b HTTP/1.1\r\nHost: gw\r\n\r\n", 400, "HSSGW.4003"),
        ("GET \(read) HTTP/1.1\r\n\r\n", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nHost: gw\r\n\r\n", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "HSSGW.4000"),
        ("nonsense\r\n\r\n", 400, "HSSGW.4000"),
        ("POST \(export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 99999999\r\n\r\n", 413, "HSSGW.4130"),
        ("POST \(export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 5\r\n\r\n{\"a\":", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nX-HSSGW-Hops: 1\r\n\r\n", 508, "HSSGW.4001"),
        // Refused before they are complete, since they can't become valid or are too large already: nothing
        // follows these bytes.
        ("GET \(read) HTTP/1.1\rHost: gw", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nX-A: b\rX", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nX-A: b\u{0}", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nX-A: b\rc\r\n", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nno field\r\nX-A: b", 400, "HSSGW.4000"),
        ("POST \(export) HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n2\rX", 400, "HSSGW.4000"),
        ("POST \(export) HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\nC00001\r\n", 413, "HSSGW.4130"),
        (
            "POST \(export) HTTP/1.1\r\nHost: gw\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\nC00000;x=y\r\n", 413, "HSSGW.4130"
        ),
        ("POST \(export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 300000\r\nContent-Encoding: gzip\r\n\r\n", 400, "HSSGW.4000"),
        ("GET \(read) HTTP/1.1\r\nHost: gw\r\nContent-Length: 300000\r\n\r\n", 400, "HSSGW.4000"),
        (
            "POST \(export)?enterprise_project_id=a HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n{\"enterprise_project_id\":\"b\"}",
            400, "HSSGW.4003"
        ),
    ])
    func `says what is wrong and sends nothing`(request: String, status: Int, code: String) async throws {
        let upstream = try Self.silentUpstream()
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        caller.send(request)
        let answer = try #require(await caller.answer())
        await gateway.stop()
        #expect(answer.status == status)
        #expect(answer.member("error_code") == code)
        #expect(answer["x-hssgw-source"] == "gateway")
        #expect(answer.member("request_id") == answer["x-request-id"])
        #expect(upstream.requests.isEmpty)
        let records = try gateway.folder.records().filter { $0["id"] as? String == answer["audit-id"] }
        #expect(records.map { $0["error_code"] as? String } == [code], "one closing record, with the same code")
    }

    @Test func `ends a request whose head takes too long with 408`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.limits.headerTimeout = .milliseconds(200)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send("GET \(Self.read) HTTP/1.1\r\nHost: g")
            let answer = try #require(await caller.answer())
            #expect(answer.status == 408)
            #expect(answer.member("error_code") == "HSSGW.4080")
            #expect(answer["connection"] == "close")
        }
        #expect(upstream.requests.isEmpty)
    }

    @Test func `ends a request whose body takes too long with 408`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.limits.headerTimeout = .milliseconds(200)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send("POST \(Self.export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 20\r\n\r\n{")
            let answer = try #require(await caller.answer())
            #expect(answer.member("error_code") == "HSSGW.4080")
        }
        #expect(upstream.requests.isEmpty)
    }

    @Test func `closes a connection on which nothing comes without a word`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.limits.idleTimeout = .milliseconds(200)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            #expect(await caller.seesEnd())
        }
    }

    @Test func `turns one connection too many away and serves the others on`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.limits.connections = 1
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let first = try RawCaller(port: gateway.port)
            first.send("GET \(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
            #expect(try #require(await first.answer()).status == 200)
            let second = try RawCaller(port: gateway.port)
            let refusal = try #require(await second.answer())
            #expect(refusal.status == 503)
            #expect(refusal.member("error_code") == "HSSGW.5033")
            #expect(refusal["retry-after"] != nil)
            first.send("GET \(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
            #expect(try #require(await first.answer()).status == 200)
        }
    }

    @Test func `holds no more of bodies than it may, and takes them again when there is room`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.limits.bodies = 1 << 20
        try await withGateway(upstream: upstream.url, setup) { gateway in
            func post(_ bytes: Int) -> (head: String, body: String) {
                let body = "{\"note\":\"" + String(repeating: "x", count: bytes - 11) + "\"}"
                return ("POST \(Self.export) HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: \(bytes)\r\n\r\n", body)
            }
            let slow = try RawCaller(port: gateway.port)
            let (head, body) = post(700_000)
            slow.send(head + body.dropLast(10))
            while gateway.dataPort.bodyBytes < 699_990 { await Task.yield() }
            let large = try RawCaller(port: gateway.port)
            large.send(post(100_000).head + post(100_000).body)
            let refusal = try #require(await large.answer())
            #expect(refusal.status == 503 && refusal.member("error_code") == "HSSGW.5033" && refusal["retry-after"] != nil)
            let small = try RawCaller(port: gateway.port)
            small.send(post(1_000).head + post(1_000).body)
            #expect(try #require(await small.answer()).status == 200)
            slow.send(String(body.suffix(10)))
            #expect(try #require(await slow.answer()).status == 200)
            let another = try RawCaller(port: gateway.port)
            another.send(post(700_000).head + post(700_000).body)
            #expect(try #require(await another.answer()).status == 200)
            // Given back a moment after the answer at the latest.
            while gateway.dataPort.bodyBytes > 0 { await Task.yield() }
        }
    }

    @Test func `gives the place of a refused upload to the next one at once`() async throws {
        let upstream = try Self.silentUpstream()
        var setup = RunningGateway.Setup()
        setup.allowed = [.read]
        setup.limits.inFlight = 1
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let refused = try RawCaller(port: gateway.port)
            // Short enough to be read to its end, which never comes.
            refused.send("POST \(Self.export) HTTP/1.1\r\nHost: gw\r\nContent-Length: 2\r\n\r\n{")
            let caller = try RawCaller(port: gateway.port)
            for _ in 0..<3 {
                caller.send("GET \(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
                #expect(try #require(await caller.answer()).status == 200)
            }
            refused.send("}")
            #expect(try #require(await refused.answer()).status == 403)
        }
    }

    /// A password in the authority of a target is the caller's mistake, and must not get into the audit record.
    @Test func `keeps no userinfo of an absolute target in the record`() async throws {
        let upstream = try Self.silentUpstream()
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        caller.send("GET http://bob:hunter2@gw\(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
        let answer = try #require(await caller.answer())
        await gateway.stop()
        #expect(answer.status == 400)
        let record = try #require(try gateway.folder.records().first { $0["id"] as? String == answer["audit-id"] })
        #expect(!"\(record)".contains("hunter2"))
    }
}
