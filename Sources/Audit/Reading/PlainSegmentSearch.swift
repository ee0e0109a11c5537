internal import Glibc

/// Finds the position of a record in a plain segment by binary search, because numbers ascend. A line that is no record counts as later, so that the
/// position is never too late.
struct PlainSegmentSearch {
    /// Size of a range that is read sequentially.
    private static let enough = 128 << 10
    /// Bytes read at a time in the middle, until a line ends.
    private static let window = 16 << 10
    /// How far a line's end is searched: a record with a whole request body is longer than most.
    private static let reach = 16 << 20

    let descriptor: Int32

    /// Where a line begins whose record has this number or a smaller one; 0 if no better position is known.
    func line(before sequence: UInt64) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return 0 }
        var (low, high) = (0, Int(status.st_size))
        var buffer = [UInt8](repeating: 0, count: Self.window)
        while high - low > Self.enough {
            let middle = low + (high - low) / 2
            if let line = head(behind: middle, &buffer), line.start < high, line.sequence <= sequence { low = line.start } else { high = middle }
        }
        return low
    }

    /// The first line that begins after an offset, if it is a record.
    private func head(behind offset: Int, _ buffer: inout [UInt8]) -> (start: Int, sequence: UInt64)? {
        var place = offset
        while place - offset < Self.reach {
            let count = pread(descriptor, &buffer, buffer.count, off_t(place))
            guard count > 0 else { return nil }
            guard let newline = buffer[..<count].firstIndex(of: UInt8(ascii: "\n")) else {
                place += count
                continue
            }
            let start = place + newline + 1
            let length = pread(descriptor, &buffer, buffer.count, off_t(start))
            guard length > 0 else { return nil }
            return buffer.withUnsafeBytes { bytes in
                RecordLineHead(UnsafeRawBufferPointer(rebasing: bytes[..<length])).map { (start, $0.sequence) }
            }
        }
        return nil
    }
}
