import Glibc
import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct HTTPTransportTimeoutTests {
    private func configuration(_ change: (inout TransportConfiguration) -> Void) -> TransportConfiguration {
        var configuration = TransportConfiguration()
        change(&configuration)
        return configuration
    }

    @Test func `gives up on a handshake that does not come`() async throws {
        let upstream = ScriptedUpstream { _ = $0.readRequest() }
        defer { upstream.close() }
        let exchange = try await TransportRig.run(configuration { $0.connectTimeout = .milliseconds(200) }) { rig in
            try await rig.send(.to("https://127.0.0.1:\(upstream.port)"))
        }
        #expect(exchange.error == .timedOut(.connect))
        #expect(exchange.error?.phase == .connecting)
        #expect(!exchange.summary.requestMayHaveLeft)
    }

    @Test(arguments: ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Len"])
    func `gives up on a head that does not come`(bytes: String) async throws {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(bytes)
            _ = connection.waitForEnd()
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run(configuration { $0.firstByteTimeout = .seconds(1) }) { rig in
            try await rig.send(.to(upstream.url))
        }
        #expect(exchange.error == .timedOut(.firstByte))
        #expect(exchange.error?.phase != .connecting)
        #expect(exchange.summary.requestMayHaveLeft)
    }

    @Test func `gives up on a body that stops`() async throws {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            _ = connection.waitForEnd()
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run(configuration { $0.idleTimeout = .seconds(1) }) { rig in
            try await rig.send(.to(upstream.url))
        }
        #expect(exchange.error == .timedOut(.idle))
        #expect(exchange.text == "abc")
    }

    @Test func `gives up on a body that never ends`() async throws {
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = Array("1\r\na\r\n".utf8)
            // At most a thousand chunks a second, so that only time is used up.
            while connection.write(chunk) == chunk.count { usleep(1_000) }
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run(configuration { $0.totalTimeout = .seconds(2) }) { rig in
            try await rig.start(.to(upstream.url), keepsBody: false) { _, _, _ in }
        }
        #expect(exchange.error == .timedOut(.total))
        #expect(exchange.bodyBytes > 0)
    }

    @Test func `does not blame the upstream for a pause of ours`() async throws {
        let hasPaused = Gate()
        let upstream = ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
            hasPaused.wait()
            connection.write("def")
            _ = connection.waitForEnd()
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run(configuration { $0.idleTimeout = .milliseconds(500) }) { rig in
            try await rig.start(.to(upstream.url)) { _, delegate, box in
                let eventLoop = rig.eventLoop
                delegate.onBody = { _ in
                    hasPaused.open()
                    let bound = NIOLoopBound(box, eventLoop: eventLoop)
                    // Several times the idle timeout.
                    eventLoop.scheduleTask(in: .seconds(2)) { bound.value.transfer?.resume() }
                    return .pause
                }
            }
        }
        #expect(exchange.error == nil)
        #expect(exchange.text == "abcdef")
    }

    @Test func `does not count the upload as waiting`() async throws {
        // The upstream reads a large body in pieces, which takes longer than the timeout of the first byte, but never pauses for
        // long.
        let size = 24 * 1024 * 1024
        let upstream = ScriptedUpstream { connection in
            guard connection.readInBites(bodyBytes: size, pauseMilliseconds: 50) else { return }
            connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        }
        defer { upstream.close() }
        let exchange = try await TransportRig.run(configuration { $0.firstByteTimeout = .seconds(3) }) { rig in
            try await rig.send(.to(upstream.url, method: "POST", body: String(repeating: "a", count: size)))
        }
        #expect(exchange.error == nil)
        #expect(exchange.summary.totalMicroseconds > 3_000_000)
    }
}
