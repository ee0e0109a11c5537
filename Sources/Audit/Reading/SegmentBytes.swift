internal import Glibc

/// The bytes of a segment from its beginning, whether it is compressed or not.
struct SegmentBytes: ~Copyable {
    /// The segment.
    let name: SegmentName
    private let descriptor: Int32
    private let inflater: Inflater?

    /// Opens a segment of the journal under a path.
    init(_ name: SegmentName, under path: String) throws(JournalError) {
        let descriptor = open(path + "/" + name.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .cannotOpen(segment: name.text, code: errno) }
        var inflater: Inflater?
        if name.isCompressed {
            inflater = Inflater()
            guard inflater != nil else {
                close(descriptor)
                throw .cannotOpen(segment: name.text, code: ENOMEM)
            }
        }
        self.name = name
        self.descriptor = descriptor
        self.inflater = inflater
    }

    deinit {
        close(descriptor)
    }

    /// Reads what comes next; 0 at the end, which in a segment that is being written is an end for now.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(JournalError) -> Int {
        while true {
            let count: Int
            if let inflater {
                count = inflater.read(from: descriptor, into: buffer)
                guard count >= 0 else { throw .cannotRead(segment: name.text, code: Int32(-count)) }
            } else {
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .cannotRead(segment: name.text, code: errno) }
            }
            return count
        }
    }
}
