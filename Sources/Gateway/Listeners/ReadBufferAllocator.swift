import NIOCore

/// The buffers that a connection's bytes are read into: the next one doubles when its caller has filled one, and halves when two were half empty.
///
/// NIO keeps one buffer of a channel for its next read, and that one never shrinks: a caller that has once sent much would hold 64 KiB for as long as
/// its connection is idle. So a buffer is kept only while it is small, and a large one belongs to its read alone. NIO's own allocator has no such
/// bound, and needs an allocation for each connection, which this one is small enough to do without.
struct ReadBufferAllocator: RecvByteBufferAllocator {
    /// The head of a usual request, bytes; a longer one takes a second read once. Idle connections have a buffer of this size.
    private static let smallest = 512
    private static let largest = 64 << 10
    /// With TLS the same bytes are in a second buffer once they are decrypted, which NIOSSL keeps. It has room for two of the largest records, and
    /// would grow with larger reads.
    private static let largestEncrypted = 16 << 10
    /// The largest buffer that is kept between reads, bytes.
    static let kept = 4 << 10

    private let largest: Int
    private var size = smallest
    private var wasHalfEmpty = false

    init(isTLS: Bool = false) {
        largest = isTLS ? Self.largestEncrypted : Self.largest
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: size) }

    /// Nil has NIO make a new buffer that it doesn't keep.
    func nextBufferSize() -> Int? { size <= Self.kept ? size : nil }

    /// Whether the next buffer may be larger. While none is kept, the answer is always true: otherwise NIO would read into the small one that it has.
    mutating func record(actualReadBytes count: Int) -> Bool {
        if count >= size, size < largest {
            // Bounded: up to the largest.
            size *= 2
            wasHalfEmpty = false
            return true
        }
        let isHalfEmpty = count <= size / 2 && size > Self.smallest
        if isHalfEmpty, wasHalfEmpty { size /= 2 }
        wasHalfEmpty = isHalfEmpty && !wasHalfEmpty
        return size > Self.kept
    }
}
