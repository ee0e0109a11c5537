import NIOCore

/// The content of a large download: one block of pseudo-random bytes repeated, so that any length can be sent with constant
/// memory and any receiver can compute the expected content.
package enum BodyPattern {
    /// Bytes before the pattern repeats.
    package static let blockByteCount = 65_536

    /// The block, made once with the SplitMix64 generator from state 0.
    static let block: ByteBuffer = {
        var state: UInt64 = 0
        var buffer = ByteBufferAllocator().buffer(capacity: blockByteCount)
        for _ in 0..<(blockByteCount / 8) {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            buffer.writeInteger(mixed ^ (mixed >> 31))
        }
        return buffer
    }()

    /// Bytes from `offset` up to the end of its block or `limit` bytes; a slice that shares the block's storage.
    static func slice(at offset: Int, limit: Int) -> ByteBuffer {
        let start = offset % blockByteCount
        let length = min(limit, blockByteCount - start)
        guard let slice = block.getSlice(at: start, length: length) else { preconditionFailure("the slice lies inside the block") }
        return slice
    }
}
