internal import Glibc

/// Consecutive lines in memory, with the numbers of their records.
struct LineChunk: Sendable {
    /// A chunk's first allocation: some ninety records.
    static let initialCapacity = 64 << 10
    /// Memory beyond this is not kept for reuse.
    static let reuseLimit = 4 << 20
    /// Neither is memory of which the last lines needed less than one part in so many: a busy time is over then.
    static let smallestUsedPart = 8

    /// The storage; its first `count` bytes hold lines, the rest is zeroed memory to write into.
    private var storage: [UInt8] = []
    /// How many bytes of lines there are.
    private(set) var count = 0
    /// How many lines.
    private(set) var records = 0
    /// How many bytes of memory it has.
    var capacity: Int { storage.count }
    /// The number of the first record; the next one to come when the chunk is empty.
    private(set) var first: UInt64

    /// Makes an empty chunk.
    init(first: UInt64) {
        self.first = first
    }

    /// The number after the last record.
    var end: UInt64 { first + UInt64(records) }

    /// Whether there is no line.
    var isEmpty: Bool { records == 0 }

    /// Adds one line of at most `bound` bytes.
    mutating func addLine(bound: Int, _ write: (inout LineWriter) -> Void) {
        reserve(bound)
        let start = count
        count += storage.withUnsafeMutableBufferPointer { buffer in
            var line = LineWriter(UnsafeMutableBufferPointer(rebasing: buffer[start...]))
            write(&line)
            return line.count
        }
        records += 1
    }

    /// Adds the lines that follow this chunk's.
    mutating func add(_ other: LineChunk) {
        if isEmpty { first = other.first }
        precondition(other.first == end, "chunks are joined in order")
        reserve(other.count)
        let start = count
        storage.withUnsafeMutableBufferPointer { target in
            other.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                memcpy(to + start, from, source.count)
            }
        }
        count += other.count
        records += other.records
    }

    /// Removes the lines. Keeps the memory for reuse, unless it is large, or much larger than these lines needed.
    mutating func clear(next: UInt64) {
        let isRoomy = !isEmpty && storage.count > Self.initialCapacity && count < storage.count / Self.smallestUsedPart
        if isRoomy || storage.count > Self.reuseLimit { storage = [] }
        count = 0
        records = 0
        first = next
    }

    /// The lines as bytes.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Each line without its newline, in order.
    func forEachLine(_ body: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let newline = rest.firstNewline {
                body(UnsafeRawBufferPointer(rebasing: rest[..<newline]))
                rest = rest[(newline + 1)...]
            }
        }
    }

    private mutating func reserve(_ bytes: Int) {
        let missing = count + bytes - storage.count
        guard missing > 0 else { return }
        // Doubling keeps the copying linear; the array is zero-filled once and then reused.
        storage.append(contentsOf: repeatElement(0, count: max(missing, storage.count, Self.initialCapacity)))
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// Index of the next newline.
    var firstNewline: Int? {
        guard let base = base.baseAddress, !isEmpty, let found = memchr(base + startIndex, 0x0A, count) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
