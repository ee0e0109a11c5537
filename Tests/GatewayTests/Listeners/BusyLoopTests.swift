import NIOCore
import Testing

@testable import Gateway

/// An event loop that was too busy for its sockets: the input that arrived meanwhile is read before a deadline is enforced.
@Suite(.timeLimit(.minutes(5))) struct BusyLoopTests {
    /// The caller's state while the loop is busy, and what it sends meanwhile.
    enum Moment: CaseIterable {
        case betweenRequests, inAHead, inABody, betweenStreams
    }

    private static let request = "GET /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n"
    private static let export =
        "POST /v5/_/image/baseline/export?export_size=10 HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\n"
        + "Expect: 100-continue\r\nContent-Length: 20\r\n\r\n"
    private static let limit = TimeAmount.seconds(4)

    @Test(arguments: Moment.allCases)
    func `nobody is late whose bytes were there in time`(moment: Moment) async throws {
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}" }
        var setup = RunningGateway.Setup()
        // The other limit is the longest extension because of unread input.
        if moment == .inAHead || moment == .inABody { setup.limits.headerTimeout = Self.limit } else { setup.limits.idleTimeout = Self.limit }
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let caller = try RawCaller(port: gateway.port)
            let rest: String
            switch moment {
            case .betweenRequests, .inAHead:
                caller.send(Self.request)
                #expect(try #require(await caller.answer()).status == 200)
                let cut = moment == .inAHead ? 20 : 0
                caller.send(String(Self.request.prefix(cut)))
                rest = String(Self.request.dropFirst(cut))
            case .inABody:
                caller.send(Self.export)
                #expect(try #require(await caller.answer()).status == 100)
                rest = #"{"operate_all":true}"#
            case .betweenStreams:
                caller.send(Self.preface)
                #expect(await caller.seesBeginning())
                rest = Self.stream
            }
            let (isHeld, mayGoOn) = (Gate(), Gate())
            gateway.dataPort.pool.workers[0].eventLoop.execute {
                isHeld.open()
                mayGoOn.wait()
                // After the limit of everything that began before.
                let end = NIODeadline.now() + Self.limit + .milliseconds(50)
                while NIODeadline.now() < end {}
            }
            await isHeld.passed()
            caller.send(rest)
            mayGoOn.open()
            if moment == .betweenStreams {
                #expect(await caller.rest().contains(#"{"a":1}"#))
            } else {
                #expect(await caller.answer()?.status == 200)
            }
        }
    }

    @Test func `who sends nothing is held to its limit as before`() async throws {
        let upstream = try ScriptedUpstream { _ in nil }
        var setup = RunningGateway.Setup()
        setup.limits.idleTimeout = .milliseconds(50)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let idle = try RawCaller(port: gateway.port)
            #expect(await idle.seesEnd())
        }
        // Only one of them is short: a slow machine sends the first bytes after any time.
        setup = RunningGateway.Setup()
        setup.limits.headerTimeout = .milliseconds(50)
        try await withGateway(upstream: upstream.url, setup) { gateway in
            let slow = try RawCaller(port: gateway.port)
            slow.send("GET")
            #expect(await slow.answer()?.status == 408)
            #expect(await slow.seesEnd())
        }
    }

    /// The HTTP/2 preface and frames, of bytes that are also text.
    private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "")

    private static var stream: String {
        func literal(_ name: String, _ value: String) -> String {
            "\0" + String(UnicodeScalar(UInt8(name.utf8.count))) + name + String(UnicodeScalar(UInt8(value.utf8.count))) + value
        }
        let block =
            literal(":method", "GET") + literal(":scheme", "http") + literal(":authority", "gw")
            + literal(":path", "/v5/_/host-management/hosts")
        return frame(1, 5, 1, block)
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: String) -> String {
        String(decoding: [0, 0, UInt8(payload.utf8.count), type, flags, 0, 0, 0, stream] + Array(payload.utf8), as: UTF8.self)
    }
}
