import CLinux
import Glibc
import NIOCore
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10))) struct SocketSetTests {
    /// A connected pair of TCP sockets, closed at the end.
    private final class Pair {
        let ours: CInt
        let theirs: CInt

        init() throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(listener) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            ours = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let ours = ours
            let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    bind(listener, generic, length) == 0 && listen(listener, 1) == 0 && getsockname(listener, generic, &length) == 0
                        && connect(ours, generic, length) == 0
                }
            }
            try #require(isConnected)
            theirs = accept(listener, nil, nil)
        }

        deinit {
            close(ours)
            close(theirs)
        }

        /// The peer sends a byte; returns when it has arrived.
        func peerSpeaks() {
            var byte: UInt8 = 0x61
            send(theirs, &byte, 1, Int32(MSG_NOSIGNAL))
            var arrival = pollfd(fd: ours, events: Int16(POLLIN), revents: 0)
            while poll(&arrival, 1, -1) < 0 {}
        }

        /// Whether the connection is still open on both sides.
        var isWhole: Bool {
            var byte: UInt8 = 0
            return recv(ours, &byte, 1, Int32(MSG_PEEK)) == 1
        }
    }

    private struct NoDescriptor: Error {}

    @Test func `resets a connection on which an unasked answer arrives`() throws {
        let pair = try Pair()
        guard var set = SocketSet() else { throw NoDescriptor() }
        set.opened(pair.ours)
        set.rest(pair.ours, isHTTP1AnswerComplete: true)
        pair.peerSpeaks()
        var ready: [SocketSet.Event] = []
        set.takeReady(into: &ready) { _ in false }
        #expect(ready.isEmpty)
        #expect(!pair.isWhole)
    }

    /// libcurl begins the next transfer on a kept connection and pauses it before it had to wait for the socket: then it makes no
    /// callback.
    @Test func `leaves a connection alone that carries a transfer nobody waits for`() throws {
        let pair = try Pair()
        guard var set = SocketSet() else { throw NoDescriptor() }
        set.opened(pair.ours)
        set.rest(pair.ours, isHTTP1AnswerComplete: true)
        pair.peerSpeaks()
        let name = try #require(ConnectionName(ofSocket: pair.ours))
        var ready: [SocketSet.Event] = []
        set.takeReady(into: &ready) { $0 == name }
        #expect(ready.isEmpty)
        #expect(pair.isWhole)
        // The transfer continues.
        set.watch(pair.ours, readable: true, writable: false)
        set.takeReady(into: &ready) { $0 == name }
        #expect(ready.map(\.descriptor) == [pair.ours])
    }
}

extension HTTPTransportStreamingTests {
    @Test func `reads a kept connection's next answer to its end however the receiver pauses`() async throws {
        let length = 600_000
        let body = [UInt8](repeating: 0x61, count: length)
        let upstream = ScriptedUpstream { connection in
            while connection.readRequest() != nil {
                _ = connection.write(Array("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n".utf8) + body)
            }
        }
        defer { upstream.close() }
        try await TransportRig.run { rig in
            for round in 0..<60 {
                let exchange = try await rig.start(.to(upstream.url), keepsBody: false) { _, delegate, box in
                    let eventLoop = rig.eventLoop
                    delegate.onBody = { _ in
                        let bound = NIOLoopBound(box, eventLoop: eventLoop)
                        // Long enough for the rest to arrive while it isn't read.
                        eventLoop.scheduleTask(in: .microseconds(Int64(round % 4) * 300)) { bound.value.transfer?.resume() }
                        return .pause
                    }
                }
                #expect(exchange.error == nil)
                #expect(exchange.bodyBytes == length)
                #expect(exchange.summary.reusedConnection == (round > 0))
            }
        }
        #expect(upstream.connections == 1)
    }
}
