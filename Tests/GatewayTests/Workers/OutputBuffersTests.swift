import NIOCore
import Testing

@testable import Gateway

@Suite struct OutputBuffersTests {
    private static func memory(of buffer: ByteBuffer) -> UInt {
        buffer.withVeryUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }

    @Test func `lends the memory of an answer that is out to the next one, empty`() {
        let outputs = OutputBuffers()
        var buffer = outputs.take()
        buffer.writeString("an answer")
        let memory = Self.memory(of: buffer)
        outputs.giveBack(consume buffer)
        let next = outputs.take()
        #expect(Self.memory(of: next) == memory)
        #expect(next.readableBytes == 0)
    }

    @Test func `leaves the memory of an answer that the caller hasn't taken yet to the channel`() {
        let outputs = OutputBuffers()
        var buffer = outputs.take()
        buffer.writeString("an answer")
        let waiting = buffer
        outputs.giveBack(consume buffer)
        var next = outputs.take()
        next.writeString("the next one")
        #expect(String(buffer: waiting) == "an answer")
    }

    @Test func `gets a connection's memory back once its answer is written`() async throws {
        // More than the capacity of a new buffer, so that a reused one can be recognised.
        let length = 5_000
        let body = String(repeating: "x", count: length)
        let upstream = try ScriptedUpstream { _ in "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n\(body)" }
        try await withGateway(upstream: upstream.url) { gateway in
            let caller = try RawCaller(port: gateway.port)
            caller.send("GET /v5/_/host-management/hosts HTTP/1.1\r\nHost: gw\r\n\r\n")
            #expect(await caller.answer()?.body.utf8.count == length)
            let worker = try #require(gateway.dataPort.pool.workers.first)
            let capacity = try await worker.eventLoop.submit { worker.value.outputs.take().storageCapacity }.get()
            #expect(capacity >= length)
        }
    }
}
