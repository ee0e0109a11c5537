import Files
internal import CZlib
internal import Glibc

/// Writes members of a compressed segment. Used only by its creator; the memory it points to lives as long as it does.
final class MemberDeflater {
    /// zlib's own default: higher levels don't save much more.
    private static let level: Int32 = 6

    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes one; nil if zlib has no memory.
    init?() {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Before the property has its value: a failing init would run deinit from then on, and free the memory twice.
        guard czlib_deflate_raw_init(stream, Self.level) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Writes one member with these lines; returns the error, or nil.
    func write(_ lines: UnsafeRawBufferPointer, to target: Int32) -> ErrorCode? {
        guard deflateReset(stream) == Z_OK, let base = lines.baseAddress else { return ErrorCode(EINVAL) }
        let bound = Int(deflateBound(stream, UInt(lines.count)))
        var member = [UInt8](repeating: 0, count: SegmentMember.headerLength + bound + SegmentMember.trailerLength)
        let result = member.withUnsafeMutableBytes { output in
            // zlib reads from here and writes nothing there.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(lines.count)
            stream.pointee.next_out = output.baseAddress.map { ($0 + SegmentMember.headerLength).assumingMemoryBound(to: UInt8.self) }
            stream.pointee.avail_out = UInt32(bound)
            return deflate(stream, Z_FINISH)
        }
        guard result == Z_STREAM_END else { return ErrorCode(EIO) }
        let content = bound - Int(stream.pointee.avail_out)
        let length = SegmentMember.headerLength + content + SegmentMember.trailerLength
        member.removeLast(member.count - length)
        let first = lines.prefix { $0 != UInt8(ascii: "\n") }
        let sequence = RecordLineHead(UnsafeRawBufferPointer(rebasing: first))?.sequence ?? .max
        member.replaceSubrange(
            ..<SegmentMember.headerLength,
            with: SegmentMember(compressedLength: UInt32(length), length: UInt32(lines.count), first: sequence).header)
        let check = UInt32(truncatingIfNeeded: crc32(0, base.assumingMemoryBound(to: UInt8.self), UInt32(lines.count)))
        for (place, value) in [check, UInt32(truncatingIfNeeded: lines.count)].enumerated() {
            withUnsafeBytes(of: value.littleEndian) { bytes in
                let start = length - SegmentMember.trailerLength + 4 * place
                member.replaceSubrange(start..<start + 4, with: bytes)
            }
        }
        return member.withUnsafeBytes { RegularFile.write($0, to: target) }
    }
}
