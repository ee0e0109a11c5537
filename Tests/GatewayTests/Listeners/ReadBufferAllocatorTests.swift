import NIOCore
import Testing

@testable import Gateway

@Suite struct ReadBufferAllocatorTests {
    private func size(_ allocator: ReadBufferAllocator) -> Int { allocator.buffer(allocator: ByteBufferAllocator()).capacity }

    @Test(arguments: [(false, 64 << 10), (true, 16 << 10)])
    func `reads more at once while a caller fills its buffer, up to a bound`(isTLS: Bool, bound: Int) {
        // As a channel reads that has room for one buffer.
        var pool = NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReadBufferAllocator(isTLS: isTLS))
        var sizes: [Int] = []
        for _ in 0..<10 {
            let (_, count) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
                let room = buffer.writableBytes
                return buffer.writeRepeatingByte(0, count: room)
            }
            pool.record(actualReadBytes: count)
            sizes.append(count)
        }
        #expect(sizes.first == 512 && sizes.last == bound)
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $1 == min(2 * $0, bound) }, "\(sizes)")
    }

    @Test func `reads less at once, step by step, when a caller sends little`() {
        var allocator = ReadBufferAllocator()
        for _ in 0..<10 { _ = allocator.record(actualReadBytes: size(allocator)) }
        #expect(size(allocator) == 64 << 10)
        _ = allocator.record(actualReadBytes: 1)
        #expect(size(allocator) == 64 << 10, "one small read says nothing")
        _ = allocator.record(actualReadBytes: 1)
        #expect(size(allocator) == 32 << 10)
        for _ in 0..<20 { _ = allocator.record(actualReadBytes: 1) }
        #expect(size(allocator) == 512)
    }

    @Test func `has a buffer kept for the next read only while it is small`() {
        var allocator = ReadBufferAllocator()
        for reads in [Array(repeating: Int.max, count: 10), Array(repeating: 1, count: 20)] {
            for bytes in reads {
                let mayGrow = allocator.record(actualReadBytes: min(bytes, size(allocator)))
                let isKept = size(allocator) <= ReadBufferAllocator.kept
                #expect((allocator.nextBufferSize() != nil) == isKept)
                // Else NIO would read into the small buffer that it has.
                #expect(isKept || mayGrow)
            }
        }
    }
}
