import Foundation
import Testing

@testable import Sandbox

@Suite struct FaultPlanTests {
    private static let path = "/download/large-1"

    /// Sends one request with a fault planned and returns the connection after it.
    private func disturbed(_ running: RunningSandbox, _ fault: String) throws -> RawConnection {
        let token = try running.token()
        #expect(try running.iam("POST", "/sandbox/faults", fault).status == 201)
        let connection = try RawConnection(port: running.hssPort)
        connection.send(RunningSandbox.bytes("GET", "/v5/\(RunningSandbox.project)\(Self.path)", [("X-Auth-Token", token)]))
        return connection
    }

    @Test(arguments: [
        (#"{"kind":"reset"}"#, RawConnection.Ending.reset), (#"{"kind":"close"}"#, .fin),
        (#"{"kind":"reset","processed":true}"#, .reset),
    ])
    func `ends the connection without an answer`(fault: String, ending: RawConnection.Ending) async throws {
        try await RunningSandbox.with { running async throws in
            let connection = try disturbed(running, fault)
            #expect(connection.takeRest().isEmpty)
            #expect(connection.ending == ending)
        }
    }

    @Test(arguments: [
        (#"{"kind":"reset_body","after_bytes":1000}"#, RawConnection.Ending.reset), (#"{"kind":"truncate","after_bytes":1000}"#, .fin),
        (#"{"kind":"cut_chunked","after_bytes":1000}"#, .fin), (#"{"kind":"truncate","after_bytes":0}"#, .fin),
    ])
    func `cuts an answer within its body`(fault: String, ending: RawConnection.Ending) async throws {
        try await RunningSandbox.with { running async throws in
            let connection = try disturbed(running, fault)
            let response = try #require(RawResponse(from: connection))
            #expect(response.status == 200)
            #expect(!response.isComplete)
            #expect(connection.ending == ending)
            if response.header("Transfer-Encoding") == nil {
                #expect(response.header("Content-Length") == "1048576")
                #expect(response.body.count == (fault.contains("1000") ? 1_000 : 0))
            }
            #expect(running.sandbox.ledger.entries.last?.fault != nil)
        }
    }

    @Test func `pauses before the head and within the body`() async throws {
        try await RunningSandbox.with { running async throws in
            for fault in [#"{"kind":"delay_head","milliseconds":120}"#, #"{"kind":"delay_body","after_bytes":70000,"milliseconds":120}"#] {
                let began = ContinuousClock.now
                let response = try #require(RawResponse(from: try disturbed(running, fault)))
                #expect(response.isComplete && response.body.count == 1_048_576)
                #expect(ContinuousClock.now - began >= .milliseconds(120))
            }
        }
    }

    @Test func `answers something else`() async throws {
        try await RunningSandbox.with { running async throws in
            let fault =
                #"{"kind":"status","status":503,"headers":{"Retry-After":"1","Set-Cookie":"a=b"},"body":"{\"error_code\":\"APIGW.0613\"}"}"#
            let status = try #require(RawResponse(from: try disturbed(running, fault)))
            #expect(status.status == 503 && status.header("Set-Cookie") == "a=b" && status.json["error_code"] as? String == "APIGW.0613")
            #expect(running.sandbox.ledger.entries.last?.status == 503)
            let redirect = try #require(RawResponse(from: try disturbed(running, #"{"kind":"redirect","location":"http://elsewhere/"}"#)))
            #expect(redirect.status == 302 && redirect.header("Location") == "http://elsewhere/")
            let flood = try #require(RawResponse(from: try disturbed(running, #"{"kind":"header_flood","fields":300,"bytes":100}"#)))
            #expect(flood.headers.count > 300 && flood.isComplete)
            let garbage = try disturbed(running, #"{"kind":"garbage"}"#)
            #expect(garbage.takeRest().first == 0)
        }
    }

    @Test func `waits for its operation and its turn, and runs out`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            var fault = Fault(.status(502), operation: "ListHostStatus", count: 2)
            fault.skip = 1
            running.sandbox.faults.add(fault)
            #expect(try running.hss("GET", "/vulnerability/vulnerabilities", token: token).status == 200)
            let answers = try (0..<4).map { _ in try running.hss("GET", "/host-management/hosts", token: token).status }
            #expect(answers == [200, 502, 502, 200])
        }
    }

    @Test(arguments: [(false, 0), (true, 1)])
    func `loses the answer before or after the request took effect`(isProcessed: Bool, changes: Int) async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            var fault = Fault(.status(502), operation: "SyncClusterList")
            fault.isProcessed = isProcessed
            running.sandbox.faults.add(fault)
            #expect(try running.hss("GET", "/container-network/cluster/sync", token: token).status == 502)
            #expect(running.sandbox.ledger.changes["SyncClusterList", default: 0] == changes)
        }
    }

    @Test(arguments: ["", "{}", #"{"kind":"status"}"#, #"{"kind":"flood"}"#, #"{"kind":"reset","side":"both"}"#])
    func `refuses what is no fault`(body: String) async throws {
        try await RunningSandbox.with { running async throws in
            #expect(try running.iam("POST", "/sandbox/faults", body).status == 400)
            #expect(running.sandbox.faults.waiting.isEmpty)
        }
    }
}
