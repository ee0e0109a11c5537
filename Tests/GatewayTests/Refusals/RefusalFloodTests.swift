import Crypto
import Foundation
import Policy
import Testing

@testable import Gateway

/// The records of a flood of refused requests.
@Suite(.timeLimit(.minutes(10))) struct RefusalFloodTests {
    private static func upstream() throws -> ScriptedUpstream {
        try ScriptedUpstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" }
    }

    @Test func `records some of a flood singly, counts the rest, and misses none`() async throws {
        let flood = 1_000
        let gateway = try await RunningGateway(upstream: try Self.upstream().url)
        let caller = try RawCaller(port: gateway.port)
        caller.send(String(repeating: "GET / HTTP/1.1\r\nHost:x\r\n\r\n", count: flood))
        var last: RawAnswer?
        for _ in 0..<flood {
            last = await caller.answer()
            #expect(last?.status == 404)
        }
        #expect(await gateway.dataPort.reading().refusals[.notInAPI] == UInt64(flood))
        await gateway.stop()

        let records = try gateway.folder.records()
        let single = records.filter { $0["phase"] as? String == "refusal" }
        let sums = records.filter { $0["event"] as? String == "refusals_aggregated" }
        let details = sums.compactMap { $0["detail"] as? [String: Any] }
        #expect(!single.isEmpty && !sums.isEmpty)
        #expect(details.reduce(single.count) { $0 + ($1["count"] as? Int ?? 0) } == flood)
        #expect(details.allSatisfy { $0["error_code"] as? String == "HSSGW.4002" && $0["source"] as? String == "caller anonymous" })
        #expect(details.allSatisfy { ($0["first"] as? String ?? "~") <= ($0["last"] as? String ?? "") })
        // Every answer has the id of an existing record.
        let id = try #require(last?["audit-id"])
        #expect(records.contains { $0["id"] as? String == id })
    }

    @Test func `bounds what is denied to nobody known, also where the operation is known`() async throws {
        let flood = 400
        let gateway = try await RunningGateway(upstream: try Self.upstream().url)
        let caller = try RawCaller(port: gateway.port)
        caller.send(String(repeating: "GET /v5/somebody-elses/host-management/hosts HTTP/1.1\r\nHost:x\r\n\r\n", count: flood))
        for _ in 0..<flood { #expect(await caller.answer()?.member("error_code") == "HSSGW.4033") }
        await gateway.stop()
        let records = try gateway.folder.records()
        let single = records.count { $0["phase"] as? String == "refusal" }
        let sums = records.filter { $0["event"] as? String == "refusals_aggregated" }.compactMap { $0["detail"] as? [String: Any] }
        #expect(single > 0 && !sums.isEmpty)
        #expect(sums.reduce(single) { $0 + ($1["count"] as? Int ?? 0) } == flood)
    }

    @Test func `bounds the records of its own pages by the share of the disk for what was not sent`() async throws {
        var setup = RunningGateway.Setup()
        setup.refusalShare = 0
        let gateway = try await RunningGateway(upstream: try Self.upstream().url, setup)
        let caller = try RawCaller(port: gateway.port)
        let flood = 200
        caller.send(String(repeating: "GET /-/usage HTTP/1.1\r\nHost: x\r\n\r\n", count: flood))
        for _ in 0..<flood { #expect(await caller.answer()?.status == 200) }
        await gateway.stop()
        let records = try gateway.folder.records()
        let single = records.count { $0["phase"] as? String == "refusal" }
        let sums = records.filter { $0["event"] as? String == "refusals_aggregated" }.compactMap { $0["detail"] as? [String: Any] }
        #expect(single < flood && sums.reduce(single) { $0 + ($1["count"] as? Int ?? 0) } == flood)
        #expect(!sums.isEmpty && sums.allSatisfy { $0["error_code"] as? String == "answered_here" })
    }

    @Test func `counts what a known caller asks in vain against its limits`() async throws {
        var setup = RunningGateway.Setup()
        setup.callerLimits = CallerLimits(requestsPerSecond: 1, burst: 3, concurrent: nil, exportsPerDay: nil)
        let gateway = try await RunningGateway(upstream: try Self.upstream().url, setup)
        let caller = try RawCaller(port: gateway.port)
        // So many that no machine is slow enough to serve them all at one a second.
        let targets = Array(repeating: ["/v5/_/no/such/thing", "/v3/auth/tokens", "/v5/_/a/../b"], count: 100).flatMap { $0 }
        caller.send(targets.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
        var codes: [String?] = []
        for _ in targets { codes.append(await caller.answer()?.member("error_code")) }
        await gateway.stop()
        #expect(Array(codes.prefix(3)) == ["HSSGW.4030", "HSSGW.4002", "HSSGW.4000"])
        #expect(codes.contains("HSSGW.4290"))
        let callers = try gateway.folder.records().filter { $0["phase"] as? String == "refusal" }.map { $0["caller"] as? [String: String] }
        #expect(callers.count > 3 && callers.allSatisfy { $0?["name"] == "anonymous" })
    }

    @Test(arguments: [
        "/v5/_/" + String(repeating: "a", count: 4_000), "/v5/_/" + String(repeating: "\"", count: 4_000), "/" + String(repeating: "b", count: 1_500),
    ])
    func `cuts a long path in a record and keeps its length and digest`(target: String) async throws {
        let gateway = try await RunningGateway(upstream: try Self.upstream().url)
        let caller = try RawCaller(port: gateway.port)
        caller.send("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = await caller.answer()
        await gateway.stop()
        let record = try #require(try gateway.folder.records().first { $0["phase"] as? String == "refusal" })
        let path = try #require(record["path"] as? String)
        let mark = try #require((record["detail"] as? [String: Any])?["path_cut"] as? [String: Any])
        #expect(path.utf8.count == ExchangeRecord.pathBytes)
        let bytes = try #require(mark["bytes"] as? Int)
        #expect(bytes > path.utf8.count && (mark["sha256"] as? String)?.count == 64)
        #expect(try JSONSerialization.data(withJSONObject: record).count < 2 * ExchangeRecord.pathBytes + 1_024)
    }
}
