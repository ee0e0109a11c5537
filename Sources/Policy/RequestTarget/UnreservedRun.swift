/// A run of unreserved characters, which are the same in raw and in canonical spelling: they are copied in one piece, since appending
/// byte by byte costs a check of capacity and ownership each time.
enum UnreservedRun {
    /// Appends the run that begins at `start` and returns its end.
    @inline(__always)
    static func copy(from raw: Span<UInt8>, at start: Int, to text: inout [UInt8]) -> Int {
        var end = start
        while end < raw.count, ByteSet.unreserved.contains(raw[end]) {
            end += 1
        }
        if end > start {
            raw.extracting(start..<end).withUnsafeBufferPointer { text.append(contentsOf: $0) }
        }
        return end
    }
}
