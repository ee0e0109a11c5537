internal import Glibc

/// Reads a file line by line with flat memory.
struct LineReader {
    /// One line of the file.
    struct Line {
        /// The line without its newline.
        let bytes: UnsafeRawBufferPointer
        /// Where it begins in the file.
        let offset: Int
        /// Whether a newline ends it; only a file's last line may lack one.
        let isTerminated: Bool

        /// Where the next line begins.
        var end: Int { offset + bytes.count + (isTerminated ? 1 : 0) }
    }

    /// The longest line that is read whole. What is longer is no record (`pendingLimit` bounds those) and is reported as a line without end.
    static let lengthLimit = 128 << 20
    private static let initialBuffer = 256 << 10

    private let descriptor: Int32
    private var offset: Int
    private var buffer = [UInt8](repeating: 0, count: LineReader.initialBuffer)
    private var filled = 0

    /// Reads from `offset` on, which has to be the beginning of a line.
    init(descriptor: Int32, from offset: Int = 0) {
        self.descriptor = descriptor
        self.offset = offset
    }

    /// Gives each line until the file ends or `body` says false; the result is the error's code, or 0.
    mutating func forEachLine(_ body: (Line) -> Bool) -> Int32 {
        while true {
            let code = fill()
            if code > 0 { return code }
            let atEnd = code < 0
            var used = 0
            var goOn = true
            buffer.withUnsafeBytes { bytes in
                var rest = bytes[..<filled]
                while goOn, let newline = rest.firstNewline {
                    let line = UnsafeRawBufferPointer(rebasing: rest[..<newline])
                    goOn = body(Line(bytes: line, offset: offset + used, isTerminated: true))
                    used = newline + 1
                    rest = rest[used...]
                }
                if goOn, !rest.isEmpty, atEnd || rest.count >= Self.lengthLimit {
                    goOn = false
                    _ = body(Line(bytes: UnsafeRawBufferPointer(rebasing: rest), offset: offset + used, isTerminated: false))
                }
            }
            guard goOn, !atEnd else { return 0 }
            keep(from: used)
        }
    }

    /// Reads once behind what is there: 0, -1 at the file's end, or the error's code.
    private mutating func fill() -> Int32 {
        let start = filled
        let position = off_t(offset + filled)
        let count = buffer.withUnsafeMutableBytes { bytes in
            pread(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start, position)
        }
        guard count >= 0 else { return errno == EINTR ? 0 : errno }
        filled += count
        return count == 0 ? -1 : 0
    }

    /// Moves the rest of a line to the front, and makes room when it fills the buffer.
    private mutating func keep(from used: Int) {
        let rest = filled - used
        buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress, used > 0 else { return }
            memmove(base, base + used, rest)
        }
        offset += used
        filled = rest
        if filled == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
    }
}
