import Foundation
import Testing

@testable import Sandbox

@Suite struct LedgerTests {
    @Test func `keeps the newest entries only`() {
        let ledger = Ledger()
        let request = SandboxRequest(
            origin: .init(side: .hss, connection: 1, remoteHost: ""), method: "GET", target: "/", headers: [], body: [], bodyLength: 0)
        let context = RequestContext(request: request, now: .zero, requestID: "0")
        let admission = Admission(operation: nil, verdict: Admission.accepted) { _ in .empty(200) }
        for _ in 0..<(Ledger.mostEntries + 5) { _ = ledger.append(LedgerEntry(context, admission: admission, fault: nil, status: 200)) }
        #expect(ledger.entries.count == Ledger.mostEntries)
        #expect(ledger.entries.first?.sequence == 6)
        #expect(ledger.entries.last?.sequence == Ledger.mostEntries + 5)
        ledger.finish(6, delivery: .complete, sentBytes: 3)
        ledger.finish(5, delivery: .complete, sentBytes: 3)
        #expect(ledger.entries.filter { $0.delivery == .complete }.map(\.sequence) == [6])
    }

    @Test func `shows what arrived over the controls and forgets it on demand`() async throws {
        try await RunningSandbox.with { running async throws in
            #expect(try running.send(SignatureVector.all[1]).status == 200)
            let shown = try running.iam("GET", "/sandbox/ledger?side=hss").json
            let entries = try #require(shown["entries"] as? [[String: Any]])
            #expect(entries.count == 1)
            #expect(entries[0]["target"] as? String == SignatureVector.all[1].target)
            #expect(entries[0]["operation"] as? String == "ListVulnerabilities")
            #expect(entries[0]["verdict"] as? String == "accepted")
            #expect(entries[0]["body_sha256"] as? String == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            #expect(try running.iam("POST", "/sandbox/reset").status == 204)
            #expect(running.sandbox.ledger.entries.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `says when the client went away`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            do {
                let connection = try RawConnection(port: running.hssPort)
                connection.send(RunningSandbox.bytes("GET", "/v5/\(RunningSandbox.project)/download/large-64", [("X-Auth-Token", token)]))
                #expect(connection.take(count: 100_000).count == 100_000)
            }
            // The close arrives some time later: it is polled, and the time limit is the bound.
            while running.sandbox.ledger.entries.last?.delivery == .pending { await Task.yield() }
            let entry = try #require(running.sandbox.ledger.entries.last)
            #expect(entry.delivery == .aborted)
            #expect(entry.sentBytes < 64 * 1_048_576)
        }
    }

    @Test func `answers 400 to what is no HTTP and hangs up`() async throws {
        try await RunningSandbox.with { running async throws in
            let connection = try RawConnection(port: running.hssPort)
            connection.send(Array("GET / HTTP/1.1\r\nno colon\r\n\r\n".utf8))
            #expect(String(decoding: connection.takeRest(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
            #expect(running.sandbox.ledger.entries.isEmpty)
        }
    }
}
