internal import Glibc

/// The lines of a segment one after the other, with flat memory: the one reader of segments, plain or compressed.
///
/// 1. A line that `next` gave stands in the buffer until the next call.
/// 2. At the end of a file that grows, `next` gives nothing and goes on when called again.
package struct LineSource: ~Copyable {
    /// The longest line that is read whole, bytes. The journal writes none that long (`pendingLimit`), so what is longer is no record.
    static let lengthLimit = 128 << 20
    private static let initialCapacity = 512 << 10
    /// What is read at first where single lines are wanted; most are shorter.
    private static let lineCapacity = 2 << 10

    private var bytes: SegmentBytes
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var searched = 0
    /// Where the next line begins, counted in uncompressed bytes.
    package private(set) var offset = 0
    /// Whether a line is longer than any record can be.
    private(set) var isOverlong = false

    /// Opens a segment.
    package init(_ name: SegmentName, under path: String) throws(JournalError) {
        bytes = try SegmentBytes(name, under: path)
        buffer = .allocate(byteCount: Self.initialCapacity, alignment: 16)
    }

    /// Opens a segment at a line at or before a record, without reading what lies before.
    init(_ name: SegmentName, under path: String, at sequence: UInt64) throws(JournalError) {
        try self.init(name, under: path)
        if sequence > name.first { offset = bytes.seek(to: sequence) }
    }

    /// Opens a segment so that the line which begins at this byte will come: at it, or at the beginning of its compressed piece.
    package init(_ name: SegmentName, under path: String, atByte byte: Int) throws(JournalError) {
        try self.init(name, under: path)
        offset = bytes.seek(toLineAt: byte)
    }

    /// Reads a plain segment that is open already, and stays so for as long as this is used, from a line's beginning on.
    init(_ name: SegmentName, lent descriptor: Int32, atByte byte: Int = 0) {
        bytes = SegmentBytes(name, lent: descriptor)
        buffer = .allocate(byteCount: Self.initialCapacity, alignment: 16)
        offset = bytes.seek(toLineAt: byte)
    }

    /// Opens a plain segment for single lines of it.
    package init(linesOf name: SegmentName, under path: String) throws(JournalError) {
        bytes = try SegmentBytes(name, under: path)
        buffer = .allocate(byteCount: Self.lineCapacity, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// How many bytes stand behind the last whole line: of one that is being written, was torn, or is too long for a record.
    var rest: Int { end - start }

    /// The line that begins at this byte of a plain segment; nothing where no whole line does.
    package mutating func line(atByte byte: Int) throws(JournalError) -> UnsafeRawBufferPointer? {
        (start, end, searched, isOverlong) = (0, 0, 0, false)
        offset = bytes.seek(toLineAt: byte)
        return try next()
    }

    /// The next whole line without its newline; nothing at the end.
    package mutating func next() throws(JournalError) -> UnsafeRawBufferPointer? {
        guard !isOverlong else { return nil }
        while true {
            let tail = UnsafeRawBufferPointer(rebasing: buffer[(start + searched)..<end])
            if let newline = tail[...].firstNewline {
                let line = UnsafeRawBufferPointer(rebasing: buffer[start..<(start + searched + newline)])
                start += line.count + 1
                offset += line.count + 1
                searched = 0
                return line
            }
            searched = end - start
            guard searched < Self.lengthLimit else {
                isOverlong = true
                return nil
            }
            makeRoom()
            let count = try bytes.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            guard count > 0 else { return nil }
            end += count
        }
    }

    /// Whether nothing at all stands behind the last line, for now.
    mutating func isAtEnd() throws(JournalError) -> Bool {
        guard start == end else { return false }
        makeRoom()
        let count = try bytes.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        end += count
        return count == 0
    }

    private mutating func makeRoom() {
        if start > 0, start == end {
            (start, end) = (0, 0)
        } else if end == buffer.count || start > buffer.count / 2 {
            let size = end - start
            let target = size > buffer.count / 2 ? UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count * 2, alignment: 16) : buffer
            if let to = target.baseAddress, let from = buffer.baseAddress { memmove(to, from + start, size) }
            if target.baseAddress != buffer.baseAddress {
                buffer.deallocate()
                buffer = target
            }
            (start, end) = (0, size)
        }
    }
}
