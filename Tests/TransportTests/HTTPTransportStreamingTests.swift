import NIOCore
import Synchronization
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(10)), .serialized) struct HTTPTransportStreamingTests {
    /// Answers with this many bytes, generated while sending, and counts what the socket accepted.
    private func bigUpstream(bytes: Int, taken: Taken = Taken(), chunked: Bool = false) -> ScriptedUpstream {
        ScriptedUpstream { connection in
            guard connection.readRequest() != nil else { return }
            let size = 1024 * 1024
            var piece = [UInt8](repeating: 0x61, count: size)
            connection.write(
                chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: \(bytes)\r\n\r\n")
            if chunked { piece = Array("100000\r\n".utf8) + piece + Array("\r\n".utf8) }
            for _ in 0..<(bytes / size) {
                let sent = connection.write(piece)
                taken.add(sent)
                guard sent == piece.count else { return }
            }
            if chunked { connection.write("0\r\n\r\n") }
        }
    }

    @Test(arguments: [false, true])
    func `streams 1 GiB in flat memory`(chunked: Bool) async throws {
        let size = 1024 * 1024 * 1024
        let upstream = bigUpstream(bytes: size, chunked: chunked)
        defer { upstream.close() }
        // Other tests of the process may run at the same time, so the quietest of a few rounds counts.
        var growth = Int.max
        for _ in 0..<5 where growth >= 16 * 1024 * 1024 {
            growth = min(growth, try await growthDuringDownload(from: upstream, bytes: size))
        }
        #expect(growth < 16 * 1024 * 1024)
    }

    private func growthDuringDownload(from upstream: ScriptedUpstream, bytes: Int) async throws -> Int {
        try await TransportRig.run { rig in
            let before = try residentMemory()
            let highest = Atomic<Int>(before)
            let exchange = try await rig.start(.to(upstream.url), keepsBody: false) { _, delegate, _ in
                var pieces = 0
                delegate.onBody = { _ in
                    pieces += 1
                    if pieces % 4096 == 0, let now = try? residentMemory() { highest.max(now, ordering: .relaxed) }
                    return .continue
                }
            }
            #expect(exchange.error == nil)
            #expect(exchange.bodyBytes == bytes)
            return highest.load(ordering: .relaxed) - before
        }
    }

    @Test func `stops reading while the receiver has paused, and goes on afterwards`() async throws {
        let size = 64 * 1024 * 1024
        let taken = Taken()
        let upstream = bigUpstream(bytes: size, taken: taken)
        defer { upstream.close() }
        try await TransportRig.run { rig in
            let paused = Gate()
            let resumable = Mutex<NIOLoopBound<TransferBox>?>(nil)
            async let exchange = rig.start(.to(upstream.url), keepsBody: false) { _, delegate, box in
                var isFirst = true
                let eventLoop = rig.eventLoop
                delegate.onBody = { _ in
                    guard isFirst else { return .continue }
                    isFirst = false
                    resumable.withLock { $0 = NIOLoopBound(box, eventLoop: eventLoop) }
                    paused.open()
                    return .pause
                }
            }
            await paused.passed()
            let blockedAt = await taken.standstill()
            // The capacity of the kernel's socket buffers on both sides is far below.
            #expect(blockedAt < size / 2)
            let transfer = resumable.withLock { $0 }
            try await rig.onLoop { _ in transfer?.value.transfer?.resume() }
            let done = try await exchange
            #expect(done.error == nil)
            #expect(done.bodyBytes == size)
        }
    }

    @Test(arguments: [false, true])
    func `reads more than libcurl's buffer holds in one turn of the loop, when more is there`(chunked: Bool) async throws {
        let size = 64 * 1024 * 1024
        let taken = Taken()
        let upstream = bigUpstream(bytes: size, taken: taken, chunked: chunked)
        defer { upstream.close() }
        try await TransportRig.run { rig in
            let paused = Gate()
            let resumable = Mutex<NIOLoopBound<TransferBox>?>(nil)
            let most = Atomic<Int>(0)
            async let exchange = rig.start(.to(upstream.url), keepsBody: false) { _, delegate, box in
                let eventLoop = rig.eventLoop
                let turn = NIOLoopBoundBox(0, eventLoop: eventLoop)
                var isFirst = true
                delegate.onBody = { bytes in
                    guard !isFirst else {
                        isFirst = false
                        resumable.withLock { $0 = NIOLoopBound(box, eventLoop: eventLoop) }
                        paused.open()
                        return .pause
                    }
                    if turn.value == 0 { eventLoop.execute { turn.value = 0 } }
                    turn.value += bytes.count
                    most.max(turn.value, ordering: .relaxed)
                    return .continue
                }
            }
            await paused.passed()
            // From here on the kernel has more than libcurl's buffer can contain.
            _ = await taken.standstill()
            let transfer = resumable.withLock { $0 }
            try await rig.onLoop { _ in transfer?.value.transfer?.resume() }
            let done = try await exchange
            #expect(done.bodyBytes == size)
            #expect(most.load(ordering: .relaxed) >= 3 * EasyHandle.bufferBytes)
        }
    }

    @Test(arguments: [ReadinessKind.automatic, .thread], [false, true])
    func `loses nothing to a receiver that pauses after every piece`(readiness: ReadinessKind, chunked: Bool) async throws {
        let size = 16 * 1024 * 1024
        let upstream = bigUpstream(bytes: size, chunked: chunked)
        defer { upstream.close() }
        try await TransportRig.run(readiness: readiness) { rig in
            let exchange = try await rig.start(.to(upstream.url), keepsBody: false) { _, delegate, box in
                let eventLoop = rig.eventLoop
                delegate.onBody = { bytes in
                    if !bytes.allSatisfy({ $0 == 0x61 }) { Issue.record("a byte that was not sent") }
                    let bound = NIOLoopBound(box, eventLoop: eventLoop)
                    eventLoop.execute { bound.value.transfer?.resume() }
                    return .pause
                }
            }
            #expect(exchange.error == nil)
            #expect(exchange.bodyBytes == size)
        }
    }

    @Test(arguments: [true, false])
    func `ends all calls when a delegate cancels from inside a call`(insideHead: Bool) async throws {
        let upstream = bigUpstream(bytes: 64 * 1024 * 1024)
        defer { upstream.close() }
        try await TransportRig.run { rig in
            let exchange = try await rig.start(.to(upstream.url), keepsBody: false) { _, delegate, box in
                let eventLoop = rig.eventLoop
                let act = {
                    box.transfer?.cancel()
                    box.transfer?.cancel()
                    box.transfer?.resume()
                    let bound = NIOLoopBound(delegate, eventLoop: eventLoop)
                    // Far later than anything that is still on its way.
                    eventLoop.scheduleTask(in: .milliseconds(200)) { bound.value.abandon() }
                }
                if insideHead { delegate.onHead = { _ in act() } }
                delegate.onBody = { _ in
                    act()
                    return .continue
                }
            }
            #expect(exchange.calls == (insideHead ? 1 : 2))
        }
    }

    @Test func `sends another request from inside a delegate's call`() async throws {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        defer { upstream.close() }
        let request = try OutboundRequest.to(upstream.url, target: "/inner")
        try await TransportRig.run { rig in
            let inner = rig.eventLoop.makePromise(of: Exchange.self)
            let outer = try await rig.start(.to(upstream.url)) { transport, delegate, _ in
                delegate.onBody = { _ in
                    _ = transport.send(request, to: RecordingDelegate(inner))
                    return .continue
                }
            }
            #expect(outer.text == "ok")
            #expect(try await inner.futureResult.get().text == "ok")
        }
    }

    @Test func `never lets a late cancel hit a later transfer`() async throws {
        let upstream = ScriptedUpstream { $0.answerAll("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        defer { upstream.close() }
        let request = try OutboundRequest.to(upstream.url)
        try await TransportRig.run { rig in
            let stale = Mutex<NIOLoopBound<TransferBox>?>(nil)
            for _ in 0..<50 {
                let exchange = try await rig.start(request) { _, _, box in
                    // The easy handle of the transfer before this one is about to be used again.
                    let eventLoop = rig.eventLoop
                    let old = stale.withLock { kept in
                        defer { kept = NIOLoopBound(box, eventLoop: eventLoop) }
                        return kept
                    }
                    eventLoop.execute { old?.value.transfer?.cancel() }
                }
                #expect(exchange.text == "ok")
            }
        }
    }

    @Test func `fails what is under way when it is shut down, also from inside a delegate's call`() async throws {
        let upstream = bigUpstream(bytes: 64 * 1024 * 1024)
        defer { upstream.close() }
        try await TransportRig.run { rig in
            let exchange = try await rig.start(.to(upstream.url), keepsBody: false) { transport, delegate, _ in
                delegate.onBody = { _ in
                    _ = transport.shutdown()
                    return .continue
                }
            }
            #expect(exchange.error == .shutDown)
            let late = try await rig.send(.to(upstream.url))
            #expect(late.error == .shutDown)
        }
    }
}

/// How many bytes the upstream's socket has accepted.
final class Taken: Sendable {
    private let bytes = Atomic<Int>(0)

    func add(_ count: Int) { bytes.add(count, ordering: .relaxed) }

    /// Waits until nothing more is accepted for a while.
    func standstill() async -> Int {
        var last = -1
        while true {
            let now = bytes.load(ordering: .relaxed)
            if now == last { return now }
            last = now
            try? await Task.sleep(for: .milliseconds(300))
        }
    }
}
