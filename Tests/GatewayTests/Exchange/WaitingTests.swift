import Foundation
import Policy
import Synchronization
import Testing

@testable import Gateway

/// An HSS that answers when the test lets it, and callers that send it the same request.
private final class Held: Sendable {
    let gate = Gate()
    let upstream: ScriptedUpstream

    /// - Parameter usual: the answer when no other one is left.
    init(_ answers: [String] = [], usual: String) throws {
        let (gate, queue) = (gate, Answers(answers))
        upstream = try ScriptedUpstream { _ in
            gate.wait()
            return queue.next() ?? usual
        }
    }

    private final class Answers: Sendable {
        private let left: Mutex<[String]>
        init(_ answers: [String]) { left = Mutex(answers) }
        func next() -> String? { left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }

    /// Lets that many requests pass.
    func open(_ count: Int) { for _ in 0..<count { gate.open() } }

    func arrived(_ count: Int) async { while upstream.requests.count < count { await Task.yield() } }
}

private func text(_ status: Int, _ body: String) -> String {
    "HTTP/1.1 \(status) Some\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

private func active(_ gateway: RunningGateway, _ count: Int) async {
    while await gateway.dataPort.reading().activeRequests != count { await Task.yield() }
}

/// Identical reads share one call.
@Suite(.timeLimit(.minutes(10))) struct CoalescingTests {
    private static let poll = "GET /v5/_/export-task/task-1 HTTP/1.1\r\nHost: gw\r\n\r\n"
    private static let found = text(200, #"{"task_id":"task-1","task_status":"success"}"#)

    private static func setup() -> RunningGateway.Setup {
        var setup = RunningGateway.Setup()
        setup.sharing = SharingRules(pollAge: .zero, reads: true)
        return setup
    }

    private static func ask(_ gateway: RunningGateway) throws -> RawCaller {
        let caller = try RawCaller(port: gateway.port)
        caller.send(poll)
        return caller
    }

    @Test func `whoever asks while a call is under way has its answer`() async throws {
        let held = try Held(usual: Self.found)
        try await withGateway(upstream: held.upstream.url, Self.setup()) { gateway in
            let callers = try (0..<5).map { _ in try Self.ask(gateway) }
            await active(gateway, 5)
            held.open(1)
            for caller in callers { #expect(await caller.answer()?.member("task_status") == "success") }
            #expect(held.upstream.requests.count == 1)
        }
    }

    @Test func `the next one leads when the first hangs up, and nobody else notices`() async throws {
        let held = try Held(usual: Self.found)
        try await withGateway(upstream: held.upstream.url, Self.setup()) { gateway in
            var leader: RawCaller? = try Self.ask(gateway)
            await held.arrived(1)
            let followers = try (0..<3).map { _ in try Self.ask(gateway) }
            await active(gateway, 4)
            withExtendedLifetime(leader) {}
            leader = nil
            await held.arrived(2)
            held.open(2)
            for caller in followers { #expect(await caller.answer()?.status == 200) }
            #expect(held.upstream.requests.count == 2)
        }
    }

    @Test func `what is wrong with HSS is wrong for all who wait`() async throws {
        let held = try Held(["HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"], usual: Self.found)
        try await withGateway(upstream: held.upstream.url, Self.setup()) { gateway in
            let callers = try (0..<3).map { _ in try Self.ask(gateway) }
            await active(gateway, 3)
            held.open(1)
            for caller in callers { #expect(await caller.answer()?.member("error_code") == "HSSGW.5022") }
            #expect(held.upstream.requests.count == 1)
        }
    }
}

/// Exports with one `Idempotency-Key`.
@Suite(.timeLimit(.minutes(10))) struct SameKeyTests {
    private static func export(_ body: String = "{}") -> String {
        "POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nIdempotency-Key: one\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func ask(_ gateway: RunningGateway, _ body: String = "{}") throws -> RawCaller {
        let caller = try RawCaller(port: gateway.port)
        caller.send(export(body))
        return caller
    }

    @Test func `the second waits for the first and has its task; another body is a conflict at once`() async throws {
        let held = try Held(usual: text(200, #"{"task_id":"made"}"#))
        try await withGateway(upstream: held.upstream.url) { gateway in
            let first = try Self.ask(gateway)
            await held.arrived(1)
            let second = try Self.ask(gateway)
            await active(gateway, 2)
            let other = try Self.ask(gateway, #"{"a":1}"#)
            #expect(await other.answer()?.member("error_code") == "HSSGW.4220")
            held.open(1)
            #expect(await first.answer()?.member("task_id") == "made")
            let replayed = try #require(await second.answer())
            #expect(replayed.member("task_id") == "made" && replayed["idempotency-replayed"] == "true")
            #expect(held.upstream.requests.count == 1)
        }
    }

    @Test func `when the first fails or its caller leaves, the next makes the call`() async throws {
        let held = try Held([text(400, "{}")], usual: text(200, #"{"task_id":"made"}"#))
        try await withGateway(upstream: held.upstream.url) { gateway in
            let first = try Self.ask(gateway)
            await held.arrived(1)
            let second = try Self.ask(gateway)
            await active(gateway, 2)
            held.open(2)
            #expect(await first.answer()?.status == 400)
            #expect(await second.answer()?.member("task_id") == "made")
            #expect(held.upstream.requests.count == 2)
        }
    }
}

/// Requests that are sent again, and those that aren't.
@Suite(.timeLimit(.minutes(10))) struct RetryTests {
    private static let read = "GET /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n"
    private static let write =
        "POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

    @Test(arguments: [(read, 3, 200), (write, 1, 503)])
    func `a read is sent again as often as may be, a write never`(request: String, calls: Int, status: Int) async throws {
        let held = try Held([text(503, "{}"), text(503, "{}")], usual: text(200, "{}"))
        held.open(9)
        var setup = RunningGateway.Setup()
        setup.retry = Snapshot.RetryRules(attempts: 3, onConnect: true, onStatus: [503])
        try await withGateway(upstream: held.upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(request)
            let answer = try #require(await caller.answer())
            #expect(answer.status == status)
            #expect(held.upstream.requests.count == calls)
        }
    }

    @Test func `each attempt takes a turn of its own, and a request whose turn is too far off says so`() async throws {
        let held = try Held([text(503, "{}")], usual: text(200, "{}"))
        held.open(9)
        var setup = RunningGateway.Setup()
        setup.retry = Snapshot.RetryRules(attempts: 3, onConnect: true, onStatus: [503])
        setup.flow = FlowRules(
            pace: .fixed(perOperation: Quota(limit: 1, period: .seconds(3_600)), perAPI: Quota(limit: 9, period: .seconds(1))), longestWait: .zero)
        try await withGateway(upstream: held.upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send(Self.read)
            let answer = try #require(await caller.answer())
            #expect(answer.member("error_code") == "HSSGW.4290")
            #expect(held.upstream.requests.count == 1)
        }
    }
}

/// Requests that wait for their turn under HSS's quota.
@Suite(.timeLimit(.minutes(10))) struct DepartureTests {
    private static let read = "GET /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n"

    private static func paced(_ seconds: Int, wait: Int, queue: Int = 1) -> RunningGateway.Setup {
        var setup = RunningGateway.Setup()
        setup.flow = FlowRules(
            pace: .fixed(perOperation: Quota(limit: 1, period: .seconds(seconds)), perAPI: Quota(limit: 9, period: .seconds(1))),
            longestWait: .seconds(wait), queue: queue)
        return setup
    }

    private static func waiting(_ gateway: RunningGateway, _ count: Int) async {
        while await gateway.dataPort.reading().waiting.waiting.values.reduce(0, +) != count { await Task.yield() }
    }

    @Test func `a caller that hangs up while it waits leaves its place to others`() async throws {
        let held = try Held(usual: text(200, "{}"))
        held.open(9)
        try await withGateway(upstream: held.upstream.url, Self.paced(3_600, wait: 36_000)) { gateway in
            let first = try RawCaller(port: gateway.port)
            first.send(Self.read)
            #expect(await first.answer()?.status == 200)
            var waiting: RawCaller? = try RawCaller(port: gateway.port)
            waiting?.send(Self.read)
            await Self.waiting(gateway, 1)
            first.send(Self.read)
            #expect(await first.answer()?.member("error_code") == "HSSGW.5033", "the one place is taken")
            withExtendedLifetime(waiting) {}
            waiting = nil
            await active(gateway, 0)
            await Self.waiting(gateway, 0)
        }
    }
}
