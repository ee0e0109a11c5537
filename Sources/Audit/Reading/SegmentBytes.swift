import Files
internal import Glibc

/// The uncompressed bytes of a plain or compressed segment, from its beginning.
struct SegmentBytes: ~Copyable {
    /// The segment.
    let name: SegmentName
    private let descriptor: Int32
    private let inflater: Inflater?
    /// Offset of the next byte of a plain segment, because the descriptor's own offset may belong to another reader.
    private var position: off_t = 0

    /// Whether the descriptor is closed at the end.
    private let isOwner: Bool

    /// Reads an open plain segment. The descriptor must stay open as long as this is used.
    init(_ name: SegmentName, lent descriptor: Int32) {
        self.name = name
        self.descriptor = descriptor
        inflater = nil
        isOwner = false
    }

    /// Opens a segment of the journal under a path.
    init(_ name: SegmentName, under path: String) throws(JournalError) {
        let descriptor = RegularFile.open(path + "/" + name.text, O_RDONLY | O_NOFOLLOW)
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
        isOwner = true
    }

    deinit {
        if isOwner { close(descriptor) }
    }

    /// The pieces that a compressed segment announces; none for a plain one.
    var announced: [(member: SegmentMember, place: SegmentMember.Position)] {
        name.isCompressed ? SegmentMember.announced(in: descriptor) : []
    }

    /// Where pieces ended in what was read from the beginning on, since `noteEnds`.
    var ends: [SegmentMember.Position] { inflater?.ends ?? [] }

    /// Keeps where pieces end from now on.
    func noteEnds() { inflater?.noteEnds() }

    /// Seeks to the piece with the first line that begins at or after this byte; returns the beginning of that piece. May only be called before the
    /// first read.
    mutating func seek(toLineAt offset: Int) -> Int {
        guard name.isCompressed else {
            position = off_t(offset)
            return offset
        }
        return go(to: SegmentMember.place(in: descriptor) { _, place in place.lines <= offset })
    }

    /// Seeks to the beginning of a line at or before a record, in few reads; returns its offset. May only be called before the first read.
    mutating func seek(to sequence: UInt64) -> Int {
        guard !name.isCompressed else { return go(to: SegmentMember.place(in: descriptor) { member, _ in member.first <= sequence }) }
        let offset = PlainSegmentSearch(descriptor: descriptor).line(before: sequence)
        position = off_t(offset)
        return offset
    }

    private func go(to place: SegmentMember.Position) -> Int {
        if lseek(descriptor, place.file, SEEK_SET) == place.file { return place.lines }
        lseek(descriptor, 0, SEEK_SET)
        return 0
    }

    /// Reads the next bytes; 0 at the end. A segment that is being written may grow afterwards.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(JournalError) -> Int {
        while true {
            let count: Int
            if let inflater {
                count = inflater.read(from: descriptor, into: buffer)
                guard count >= 0 else { throw .cannotRead(segment: name.text, code: Int32(-count)) }
            } else {
                count = pread(descriptor, buffer.baseAddress, buffer.count, position)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .cannotRead(segment: name.text, code: errno) }
                position += off_t(count)
            }
            return count
        }
    }
}
