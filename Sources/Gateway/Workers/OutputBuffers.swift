import NIOCore

/// Output buffers for answers, used by one connection after the other.
///
/// An idle connection owns no output buffer, which saves 1 KiB of 9 for each of ten thousand idle connections. A download uses the same few
/// large buffers again, where growing a new one for each piece costs page faults and copies.
final class OutputBuffers {
    /// Holds the head and body of most answers: growing to it step by step was the largest single source of allocations.
    private static let smallest = 1 << 10
    /// Buffers beyond this size are rare.
    private static let small = 16 << 10
    /// The capacity for what is flushed at once (`WireLimits.flushedAtOnce`) and one more piece.
    private static let large = 64 << 10
    private static let mostSmall = 256
    private static let mostLarge = 4

    private let allocator = ByteBufferAllocator()
    private var spareSmall: [ByteBuffer] = []
    private var spareLarge: [ByteBuffer] = []

    /// An empty buffer, with room for at least this many bytes if one is available.
    func take(for bytes: Int = 0) -> ByteBuffer {
        // The pieces of a long body are as large as a small buffer.
        if bytes >= Self.small { return spareLarge.popLast() ?? allocator.buffer(capacity: max(Self.large, bytes)) }
        return spareSmall.popLast() ?? allocator.buffer(capacity: max(Self.smallest, bytes))
    }

    /// Takes a buffer back that has been written to a channel. One that the channel still holds, since its caller reads slowly, is not kept.
    func giveBack(_ buffer: consuming ByteBuffer) {
        guard buffer.modifyIfUniquelyOwned({ $0.clear() }) != nil else { return }
        if buffer.storageCapacity <= Self.small {
            if spareSmall.count < Self.mostSmall { spareSmall.append(buffer) }
        } else if spareLarge.count < Self.mostLarge {
            spareLarge.append(buffer)
        }
    }
}
