internal import CZlib
internal import Glibc

/// Reads a gzip file as a stream. Used only by its creator; the memory it points to lives as long as it does.
final class Inflater {
    private static let inputSize = 128 << 10

    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutablePointer<UInt8>
    private var isBetweenMembers = true
    /// Bytes that were read from the file, and bytes that came out of it.
    private var (taken, given) = (0, 0)
    /// Where the members end that were read, if the reading began at the file's beginning and `noteEnds` was called before.
    private(set) var ends: [SegmentMember.Position] = []
    private var notesEnds = false

    /// Makes an inflater; nil if zlib has no memory.
    init?() {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Before the properties have their values: a failing init would run deinit from then on, and free the memory twice.
        guard czlib_inflate_init(stream) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
        input = .allocate(capacity: Self.inputSize)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Keeps where members end from now on: a large segment has hundreds.
    func noteEnds() { notesEnds = true }

    /// Reads the next bytes of the file; returns 0 at its end, or the negative error code. A file that ends inside a member is damaged.
    func read(from descriptor: Int32, into output: UnsafeMutableRawBufferPointer) -> Int {
        guard let target = output.baseAddress, !output.isEmpty else { return 0 }
        let capacity = UInt32(clamping: output.count)
        stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = capacity
        while stream.pointee.avail_out == capacity {
            if stream.pointee.avail_in == 0 {
                let count = Glibc.read(descriptor, input, Self.inputSize)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return -Int(errno) }
                if count == 0 { return isBetweenMembers ? 0 : -Int(EBADMSG) }
                stream.pointee.next_in = input
                stream.pointee.avail_in = UInt32(count)
                taken += count
            }
            isBetweenMembers = false
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK: break
            case Z_STREAM_END:
                isBetweenMembers = true
                if notesEnds {
                    let produced = given + Int(capacity - stream.pointee.avail_out)
                    ends.append(SegmentMember.Position(file: off_t(taken - Int(stream.pointee.avail_in)), lines: produced))
                }
                guard inflateReset(stream) == Z_OK else { return -Int(EBADMSG) }
            case Z_MEM_ERROR: return -Int(ENOMEM)
            default: return -Int(EBADMSG)
            }
        }
        let count = Int(capacity - stream.pointee.avail_out)
        given += count
        return count
    }
}
