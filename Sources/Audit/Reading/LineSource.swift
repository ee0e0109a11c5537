internal import Glibc

/// Reads the lines of a segment one after the other, with constant memory: the only reader of plain and compressed segments.
///
/// 1. A line returned by `next` is valid until the next call.
/// 2. At the end of a file that grows, `next` returns nil and continues when called again.
package struct LineSource: ~Copyable {
    /// The longest line that is read completely, in bytes. The journal writes no line of this length (`pendingLimit`), so a longer one is no record.
    static let lengthLimit = 128 << 20
    private static let initialCapacity = 512 << 10
    /// Size of the first read if single lines are needed; most are shorter.
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

    /// Opens a segment at a line at or before a record, without reading the lines before.
    init(_ name: SegmentName, under path: String, at sequence: UInt64) throws(JournalError) {
        try self.init(name, under: path)
        if sequence > name.first { offset = bytes.seek(to: sequence) }
    }

    /// Opens a segment at the line that begins at this byte, or at the beginning of its compressed piece.
    package init(_ name: SegmentName, under path: String, atByte byte: Int) throws(JournalError) {
        try self.init(name, under: path)
        offset = bytes.seek(toLineAt: byte)
    }

    /// Reads an open plain segment from the beginning of a line on. The descriptor must stay open as long as this is used.
    init(_ name: SegmentName, lent descriptor: Int32, atByte byte: Int = 0) {
        bytes = SegmentBytes(name, lent: descriptor)
        buffer = .allocate(byteCount: Self.initialCapacity, alignment: 16)
        offset = bytes.seek(toLineAt: byte)
    }

    /// Opens a plain segment for reading single lines.
    package init(linesOf name: SegmentName, under path: String) throws(JournalError) {
        bytes = try SegmentBytes(name, under: path)
        buffer = .allocate(byteCount: Self.lineCapacity, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// Number of bytes after the last complete line: a line that is being written, was torn, or is too long for a record.
    var rest: Int { end - start }

    /// What a compressed segment says about its pieces, to be compared with what is read from now on; nothing for a plain one.
    func pieces() -> SegmentPieces {
        bytes.noteEnds()
        return SegmentPieces(announced: bytes.announced)
    }

    /// Where the pieces of a compressed segment ended in what was read from the beginning on, after `pieces` was called.
    var ends: [SegmentMember.Position] { bytes.ends }

    /// The line that begins at this byte of a plain segment; nil if no complete line does.
    package mutating func line(atByte byte: Int) throws(JournalError) -> UnsafeRawBufferPointer? {
        (start, end, searched, isOverlong) = (0, 0, 0, false)
        offset = bytes.seek(toLineAt: byte)
        return try next()
    }

    /// The next complete line without its newline; nil at the end.
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

    /// Whether there are no bytes after the last line at present.
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
