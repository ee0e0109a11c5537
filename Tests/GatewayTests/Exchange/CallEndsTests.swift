import Audit
import Foundation
import Policy
import Synchronization
import Testing
import Transport

@testable import Gateway

/// All possible ends of a call to HSS, and how each of them is counted.
@Suite(.timeLimit(.minutes(10))) struct CallEndsTests {
    private static let read = "/host-management/hosts"
    private static let okay = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    /// How a call ends.
    struct End: Sendable, CustomTestStringConvertible {
        let name: String
        /// The upstream's answers to the call, and to one that may follow in the same request.
        var answers: [String?] = []
        /// No process listens there.
        var isUnreachable = false
        /// The upstream closes the connection after each answer.
        var closes = false
        /// The caller disconnects once the call has arrived.
        var callerLeaves = false
        /// The caller's status.
        var status = 200
        /// Calls in `http_client_request_duration_seconds`, by status and error.
        let calls: [String: Int]
        /// Calls that count against HSS's quota.
        let quota: Int

        var testDescription: String { name }
    }

    private static func answer(_ status: Int, _ body: String, _ fields: String = "") -> String {
        "HTTP/1.1 \(status) Some\r\nContent-Type: application/json\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static let ends = [
        End(name: "answered", answers: [okay], calls: ["200/": 1], quota: 1),
        End(name: "an error of HSS", answers: [answer(400, #"{"error_code":"HSS.0001"}"#)], status: 400, calls: ["400/": 1], quota: 1),
        End(name: "nobody listens", isUnreachable: true, status: 502, calls: ["0/connect": 1], quota: 0),
        End(name: "closed without an answer", answers: [nil], status: 502, calls: ["0/connection_lost": 1], quota: 1),
        End(name: "503, then 200", answers: [answer(503, "{}"), okay], calls: ["503/": 1, "200/": 1], quota: 2),
        End(
            name: "401 of HSS itself", answers: [answer(401, #"{"error_code":"HSS.0013"}"#)], status: 401, calls: ["401/": 1], quota: 1),
        End(name: "a redirection", answers: [answer(302, "{}")], status: 502, calls: ["302/unusable_answer": 1], quota: 1),
        End(
            name: "cut short", answers: ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"], closes: true, status: 0, calls: ["200/truncated": 1],
            quota: 1),
        End(name: "the caller hangs up", answers: [], callerLeaves: true, status: 0, calls: ["0/caller_left": 1], quota: 1),
    ]

    @Test(arguments: ends)
    func `each end of a call counts once, where it is due, and holds nothing back`(form: End) async throws {
        let script = Mutex<[String?]>([])
        let holding = Mutex<(arrived: Gate, end: Gate)?>(nil)
        let upstream = try ScriptedUpstream(closingAfterAnswer: form.closes) { _ in
            if let (arrived, end) = holding.withLock({ $0 }) {
                arrived.open()
                end.wait()
                return nil
            }
            return script.withLock { $0.isEmpty ? Self.okay : $0.removeFirst() }
        }
        let nobody = try Nobody()
        var setup = RunningGateway.Setup()
        let limit = 8
        setup.flow = FlowRules(
            pace: .fixed(perOperation: Quota(limit: limit, period: .seconds(3_600)), perAPI: Quota(limit: 600, period: .seconds(1))),
            longestWait: .zero)
        setup.retry = Snapshot.RetryRules(attempts: form.isUnreachable ? 1 : 2, onConnect: false, onStatus: [503])
        setup.south = form.isUnreachable ? nobody.url : upstream.url
        try await withGateway(upstream: upstream.url, setup) { gateway in
            // Twice: an end that leaked its resources would leave none for the third.
            for _ in 0..<2 {
                script.withLock { $0 = form.answers }
                // New ones each time: a gate that one call left open would end the next one before its caller
                // disconnects.
                let (arrived, end) = (Gate(), Gate())
                if form.callerLeaves { holding.withLock { $0 = (arrived, end) } }
                do {
                    let caller = try RawCaller(port: gateway.port)
                    caller.send("GET /v5/south\(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
                    if form.callerLeaves {
                        await arrived.passed()
                        // Keeps the caller alive: it disconnects when it is released, and the call might then never be
                        // sent.
                        withExtendedLifetime(caller) {}
                    } else {
                        let answer = await caller.answer()
                        if form.status > 0 { #expect(answer?.status == form.status) }
                    }
                }
                if form.callerLeaves { await Self.settled(gateway) }
                holding.withLock { $0 = nil }
                end.open()
            }
            let calls = await Self.calls(gateway)
            #expect(calls == form.calls.mapValues { $0 * 2 })
            // The remaining quota.
            let caller = try RawCaller(port: gateway.port)
            var left = 0
            for _ in 0..<limit {
                caller.send("GET /v5/north\(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
                if await caller.answer()?.status == 200 { left += 1 }
            }
            #expect(left == limit - 2 * form.quota)
            await Self.settled(gateway)
        }
    }

    /// Waits until nothing is under way any more.
    private static func settled(_ gateway: RunningGateway) async {
        while await gateway.dataPort.reading().activeRequests > 0 { await Task.yield() }
    }

    private static func calls(_ gateway: RunningGateway) async -> [String: Int] {
        var counts: [String: Int] = [:]
        for (key, histogram) in await gateway.dataPort.reading().calls { counts["\(key.status)/\(key.error)", default: 0] += Int(histogram.total) }
        return counts
    }

    @Test func `a call that HSS's quota threw back counts as one, and so does the next attempt`() async throws {
        let throttled = Self.answer(429, #"{"error_code":"APIGW.0308","error_msg":"policy user over ratelimit,limit:9,time:1 second"}"#)
        let answers = Mutex([throttled])
        let upstream = try ScriptedUpstream { _ in answers.withLock { $0.isEmpty ? Self.okay : $0.removeFirst() } }
        var setup = RunningGateway.Setup()
        setup.flow = FlowRules(pace: .adaptive)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send("GET /v5/_\(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
            #expect(await caller.answer()?.status == 200)
            #expect(await Self.calls(gateway) == ["429/": 1, "200/": 1])
        }
    }

    @Test func `an export whose request record finds no room doesn't count as a call`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.okay }
        var setup = RunningGateway.Setup()
        setup.pendingLimit = 64
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(
                "POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            #expect(await caller.answer()?.member("error_code") == "HSSGW.5032")
            #expect(await Self.calls(gateway).isEmpty)
        }
        #expect(upstream.requests.isEmpty)
    }

    @Test func `best-effort serves and counts although no record finds room, and the journal counts those`() async throws {
        let upstream = try ScriptedUpstream { _ in Self.okay }
        var setup = RunningGateway.Setup()
        setup.durability = .bestEffort
        setup.pendingLimit = 64
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            for _ in 0..<5 {
                caller.send("GET /v5/_\(Self.read) HTTP/1.1\r\nHost: gw\r\n\r\n")
                #expect(await caller.answer()?.status == 200)
            }
            caller.send("POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            #expect(await caller.answer()?.status == 200)
            let counted = await gateway.dataPort.reading().requests.reduce(0) { $0 + $1.histogram.total }
            #expect(counted == 6)
            #expect(gateway.journal.counters.dropped == 6)
        }
    }
}

/// A loopback port without a listener, and reserved: it is bound.
final class Nobody: Sendable {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    var url: String { "http://127.0.0.1:\(port)" }

    /// From now on the kernel completes one connection, which is not accepted; further ones are neither completed nor
    /// refused.
    func listenForOne() throws {
        guard listen(descriptor, 0) == 0 else { throw POSIXError(.EADDRINUSE) }
    }
}
