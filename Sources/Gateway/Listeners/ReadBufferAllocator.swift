import NIOCore

/// The buffers that a connection's bytes are read into: the next one grows with what its caller sends, and shrinks when it stops.
///
/// NIO keeps one buffer of a channel for its next read, and that one never shrinks: a caller that has once sent much would hold 64 KiB for as long as
/// its connection is idle. So a buffer is kept only while it is small, and a large one belongs to its read alone.
struct ReadBufferAllocator: RecvByteBufferAllocator {
    /// The head of a usual request, bytes; a longer one takes a second read once. Idle connections have a buffer of this size.
    private static let smallest = 512
    private static let largest = 64 << 10
    /// With TLS the same bytes are in a second buffer once they are decrypted, which NIOSSL keeps. It has room for two of the largest records, and
    /// would grow with larger reads.
    private static let largestEncrypted = 16 << 10
    /// The largest buffer that is kept between reads, bytes.
    static let kept = 4 << 10

    private var adaptive: AdaptiveRecvByteBufferAllocator

    init(isTLS: Bool = false) {
        let largest = isTLS ? Self.largestEncrypted : Self.largest
        adaptive = AdaptiveRecvByteBufferAllocator(minimum: Self.smallest, initial: Self.smallest, maximum: largest)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { adaptive.buffer(allocator: allocator) }

    /// Nil has NIO make a new buffer that it doesn't keep.
    func nextBufferSize() -> Int? { adaptive.nextBufferSize().flatMap { $0 <= Self.kept ? $0 : nil } }

    /// While nothing is kept, the answer is always true: otherwise NIO would read into the small one that it has.
    mutating func record(actualReadBytes: Int) -> Bool {
        let mayGrow = adaptive.record(actualReadBytes: actualReadBytes)
        return mayGrow || nextBufferSize() == nil
    }
}
