import Audit
import Glibc

/// Reads lines of one plain segment: all from a place on, or the one at a place.
struct SegmentReader: ~Copyable {
    /// A line that a newline ends; one without is still being written.
    struct Line {
        /// The line without its newline; valid during the call only.
        let bytes: UnsafeRawBufferPointer
        /// Where it begins in the segment.
        let offset: Int

        /// Where the next one begins.
        var end: Int { offset + bytes.count + 1 }
    }

    private static let initialBuffer = 256 << 10
    /// What is read for one record at first; most lines are shorter.
    private static let firstRead = 2 << 10
    /// The longest line that is read, bytes. The journal writes none that long.
    private static let longestLine = 128 << 20

    private let descriptor: Int32
    private let name: String

    init(_ segment: SegmentName, in directory: String) throws(InquiryError) {
        name = segment.text
        descriptor = RegularFile.open(directory + "/" + segment.text, O_RDONLY | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .segmentUnreadable(name: segment.text, code: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Gives each whole line from `offset` on until the file ends or `body` says false; the result is where the next line begins.
    func forEachLine(from offset: Int, _ body: (Line) throws(InquiryError) -> Bool) throws(InquiryError) -> Int {
        var place = offset
        var buffer = [UInt8](repeating: 0, count: Self.initialBuffer)
        var filled = 0
        while true {
            let count = try read(into: &buffer, at: filled, from: place + filled)
            filled += count
            var used = 0
            var goesOn = true
            var fault: InquiryError?
            buffer.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                while goesOn, let newline = memchr(base + used, 0x0A, filled - used) {
                    let end = UnsafeRawPointer(newline) - base
                    let line = UnsafeRawBufferPointer(rebasing: bytes[used..<end])
                    do throws(InquiryError) {
                        goesOn = try body(Line(bytes: line, offset: place + used))
                    } catch {
                        fault = error
                        goesOn = false
                    }
                    used = end + 1
                }
            }
            if let fault { throw fault }
            place += used
            guard goesOn, count > 0, filled - used < Self.longestLine else { return place }
            buffer.withUnsafeMutableBytes { bytes in
                if let base = bytes.baseAddress, used > 0 { memmove(base, base + used, filled - used) }
            }
            filled -= used
            if filled == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
        }
    }

    /// The line that begins at a place, or nothing.
    func line(at offset: Int) throws(InquiryError) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Self.firstRead)
        var filled = 0
        while filled < Self.longestLine {
            let count = try read(into: &buffer, at: filled, from: offset + filled)
            if let end = buffer[filled..<filled + count].firstIndex(of: 0x0A) { return Array(buffer[..<end]) }
            if count == 0 { return nil }
            filled += count
            if filled == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
        }
        return nil
    }

    private func read(into buffer: inout [UInt8], at position: Int, from offset: Int) throws(InquiryError) -> Int {
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress.map { $0 + position }, bytes.count - position, off_t(offset))
            }
            if count >= 0 { return count }
            if errno != EINTR { throw .segmentUnreadable(name: name, code: errno) }
        }
    }
}
