import Audit
import Catalogue
import Foundation
import Gateway
import NIOCore
import Synchronization
import Testing
import Transport

/// Whole requests through a real data port: raw sockets on both sides, the journal on disk, libcurl in between.
@Suite(.timeLimit(.minutes(10))) struct DataPortTests {
    private static let read = "/v5/_/host-management/hosts"
    private static let export = "/v5/_/image/baseline/export"
    private static let tiny = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    private static func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: gw\r\n\(fields)\r\n"
    }

    private static func post(_ target: String, _ body: String, _ fields: String = "") -> String {
        "POST \(target) HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    // MARK: - Forwarding

    @Test func `carries a read to HSS under its own name and back untouched`() async throws {
        let upstream = try ScriptedUpstream { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: hss-1\r\nSet-Cookie: a=b\r\nX-Any: kept\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"total\":\r\n2\r\n7}\r\n0\r\n\r\n"
        }
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        caller.send(
            Self.get(
                "\(Self.read)?offset=0&limit=10",
                "Authorization: Bearer mine\r\nX-Auth-Token: mine\r\nx_auth_token: mine\r\nCookie: s=mine\r\nX-Forwarded-For: 10.9.8.7\r\n"
                    + "X-Project-Id: mine\r\nX-Sdk-Date: mine\r\nX-Request-Id: caller-1\r\nX-Audit-Reason: because\r\nUser-Agent: mine\r\n"
            )
        )
        let answer = try #require(await caller.answer())
        await gateway.stop()

        #expect(answer.status == 200)
        #expect(answer.body == "{\"total\":7}")
        #expect(answer["x-any"] == "kept")
        #expect(answer["x-request-id"] == "hss-1")
        #expect(answer["x-hssgw-source"] == "upstream")
        #expect(answer["set-cookie"] == nil)
        #expect(answer.fields.count { $0.name == "content-length" || $0.name == "transfer-encoding" } == 1)

        let request = try #require(upstream.requests.first)
        let target = "/v5/\(RunningGateway.projectID)/host-management/hosts"
        let query = "enterprise_project_id=\(RunningGateway.defaultEnterpriseProject)&limit=10&offset=0"
        #expect(request.hasPrefix("GET \(target)?\(query) HTTP/1.1\r\n"), "\(request)")
        #expect(request.contains("Authorization: SDK-HMAC-SHA256 Access=\(RunningGateway.accessKey)"))
        #expect(!request.contains("mine"), "nothing of the caller's credentials, cookies or names goes out")
        #expect(!request.contains("10.9.8.7") && !request.lowercased().contains("x-audit-reason") && !request.contains("caller-1"))

        let record = try #require(try gateway.folder.records().first { $0["id"] as? String == answer["audit-id"] })
        #expect(record["phase"] as? String == "response")
        #expect(record["request_id"] as? String == "caller-1")
        #expect(record["operation"] as? String == "ListHostStatus")
        #expect(record["reason"] as? String == "because")
        #expect(record["query"] as? String == query)
        #expect(record["outcome"] as? String == "success")
        #expect((record["upstream"] as? [String: Any])?["request_id"] as? String == "hss-1")
    }

    @Test func `has an export's request record on disk before HSS hears of it`() async throws {
        let gateway = Mutex<RunningGateway?>(nil)
        let seen = Mutex<[String]>([])
        let upstream = try ScriptedUpstream { _ in
            let records = gateway.withLock { try? $0?.folder.records() } ?? []
            seen.withLock { $0 = records.compactMap { $0["phase"] as? String == "request" ? $0["id"] as? String : nil } }
            // The numbers below `durable` are on stable storage, including the newest record's.
            let last = records.last?["seq"] as? UInt64 ?? .max
            let durable = gateway.withLock { $0?.journal.durable.value } ?? 0
            seen.withLock { $0.append("durable \(last < durable)") }
            let body = #"{"record_total_num":3,"task_id":"task-1"}"#
            return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        let running = try await RunningGateway(upstream: upstream.url)
        gateway.withLock { $0 = running }
        let caller = try RawCaller(port: running.port)
        caller.send(Self.post(Self.export, #"{"operate_all":true}"#))
        let answer = try #require(await caller.answer())
        gateway.withLock { $0 = nil }
        await running.stop()

        let id = try #require(answer["audit-id"])
        #expect(answer.status == 200)
        #expect(answer.member("task_id") == "task-1")
        #expect(seen.withLock { $0 } == [id, "durable true"])
        let records = try running.folder.records().filter { $0["id"] as? String == id }
        #expect(records.map { $0["phase"] as? String } == ["request", "response"])
        let closing = try #require(records.last)
        #expect(closing["operation"] as? String == "BatchExportBaselineTask")
        let export = closing["export"] as? [String: Any]
        #expect(export?["task_id"] as? String == "task-1")
        #expect(export?["record_total_num"] as? Int == 3)
        #expect((closing["request_body"] as? [String: Any])?["bytes"] as? Int == 20)
        #expect((closing["response_body"] as? [String: Any])?["sha256"] is String)
    }

    @Test func `answers requests in the order in which one connection sent them`() async throws {
        let upstream = try ScriptedUpstream { request in
            let mark = request.contains("limit=1") ? "one" : "two"
            return "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\(mark)"
        }
        try await withGateway(upstream: upstream.url) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.get("\(Self.read)?limit=1") + Self.get("\(Self.read)?limit=2", "Connection: close\r\n"))
            let first = try #require(await caller.answer())
            let second = try #require(await caller.answer())
            #expect([first.body, second.body] == ["one", "two"])
            #expect(second["connection"] == "close")
            #expect(await caller.seesEnd())
        }
    }

    @Test(arguments: Durability.allCases)
    func `answers refused requests that came together, one after the other`(durability: Durability) async throws {
        var setup = RunningGateway.Setup()
        setup.durability = durability
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 204 No Content\r\n\r\n" }
        let gateway = try await RunningGateway(upstream: upstream.url, setup)
        let caller = try RawCaller(port: gateway.port)
        caller.send(String(repeating: Self.get("/v5/_/nothing"), count: 5))
        for _ in 0..<5 { #expect(await caller.answer()?.status == 403) }
        await gateway.stop()
    }

    @Test func `removes the token that three answers echo`() async throws {
        let upstream = try ScriptedUpstream { _ in
            let body = #"{"x_auth_token":"tok","cluster":{"name":"c","x_auth_token":"tok"}}"#
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        let operation = try #require(CatalogueOperation(named: "ListClusterProtectionPolicyDetail"))
        let target = operation.template.replacing(/\{[a-z_]*\}/, with: "_")
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        caller.send("\(operation.method.rawValue) \(target) HTTP/1.1\r\nHost: gw\r\nAccept-Encoding: gzip\r\n\r\n")
        let answer = try #require(await caller.answer())
        await gateway.stop()
        #expect(answer.body == #"{"cluster":{"name":"c"}}"#)
        #expect(upstream.requests.first?.lowercased().contains("gzip") == false, "a compressed answer could not be read")
        let record = try #require(try gateway.folder.records().first { $0["id"] as? String == answer["audit-id"] })
        #expect(record["detail"] as? [String: String] == ["removed": "x_auth_token"])
        #expect(record["outcome"] as? String == "success")
    }

    /// RFC 9110 section 8.6: no Content-Length with a 204, whatever the upstream sends.
    @Test func `passes a 204 on without any length`() async throws {
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n" }
        try await withGateway(upstream: upstream.url) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.get(Self.read))
            let answer = try #require(await caller.answer(hasBody: false))
            #expect(answer.status == 204)
            #expect(answer["content-length"] == nil)
        }
    }

    @Test func `cuts the connection when HSS breaks off in mid-answer`() async throws {
        let upstream = try ScriptedUpstream(closingAfterAnswer: true) { _ in
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nwo"
        }
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        caller.send(Self.get(Self.read))
        let received = await caller.rest()
        await gateway.stop()
        let closing = try #require(try gateway.folder.records().last { $0["operation"] != nil })
        #expect(closing["status"] as? Int == 200)
        #expect(received.hasPrefix("HTTP/1.1 200") && received.contains("hello"), "what was received is passed on")
        #expect(!received.contains("\r\n0\r\n\r\n"), "nothing may look like the end of a whole answer")
        #expect(closing["outcome"] as? String == "failure")
        #expect((closing["upstream"] as? [String: Any])?["error"] as? String == "truncated")
    }

    @Test func `passes a part of a file on, and no other operation's range`() async throws {
        let upstream = try ScriptedUpstream { request in
            request.contains("Range: ")
                ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-3/10\r\nContent-Length: 2\r\n\r\nab" : Self.tiny
        }
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        let range = "Range: bytes=2-3\r\nIf-Range: \"v1\"\r\n"
        caller.send(Self.get("/v5/_/download/f1", range))
        let part = try #require(await caller.answer())
        caller.send(Self.get(Self.read, range))
        #expect(try #require(await caller.answer()).status == 200)
        await gateway.stop()
        #expect(part.status == 206 && part["content-range"] == "bytes 2-3/10" && part.body == "ab")
        #expect(upstream.requests.first?.contains("Range: bytes=2-3\r\n") == true)
        #expect(upstream.requests.first?.contains("If-Range: \"v1\"\r\n") == true)
        let record = try #require(try gateway.folder.records().last { $0["id"] as? String == part["audit-id"] })
        #expect(record["status"] as? Int == 206)
        #expect((record["response_body"] as? [String: Any])?["bytes"] as? Int == 2)
    }

    @Test func `answers 502 when HSS closes instead of answering`() async throws {
        let upstream = try ScriptedUpstream { _ in nil }
        let gateway = try await RunningGateway(upstream: upstream.url)
        let caller = try RawCaller(port: gateway.port)
        caller.send(Self.get(Self.read))
        let answer = try #require(await caller.answer())
        await gateway.stop()
        #expect(answer.status == 502)
        #expect(answer.member("error_code") == "HSSGW.5022")
        let closing = try gateway.folder.records().last { $0["id"] as? String == answer["audit-id"] }
        #expect(closing?["phase"] as? String == "response")
        #expect(closing?["outcome"] as? String == "failure")
    }

    @Test func `passes no redirection on`() async throws {
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n" }
        try await withGateway(upstream: upstream.url) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.get(Self.read))
            let answer = try #require(await caller.answer())
            #expect(answer.member("error_code") == "HSSGW.5022")
            #expect(answer["location"] == nil)
        }
    }
}
