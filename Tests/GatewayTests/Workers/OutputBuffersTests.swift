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
}
