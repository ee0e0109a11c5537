import Files
internal import Glibc

/// Repairs of a segment that is no longer written: saving its records, cutting off what doesn't belong to it.
extension Segment {
    private static let copyBlock = 1 << 20

    /// Appends a range of one file to another; returns the error code, or 0.
    static func copy(from source: Int32, _ range: Range<Int>, to target: Int32) -> Int32 {
        var block = [UInt8](repeating: 0, count: min(copyBlock, max(range.count, 1)))
        var offset = range.lowerBound
        while offset < range.upperBound {
            let wanted = min(block.count, range.upperBound - offset)
            let count = block.withUnsafeMutableBytes { pread(source, $0.baseAddress, wanted, off_t(offset)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? EIO : errno }
            let error = block.withUnsafeBytes { RegularFile.write(UnsafeRawBufferPointer(rebasing: $0[..<count]), to: target) }
            if let error { return error.code }
            offset += count
        }
        return 0
    }

    /// Writes the durable part of this segment, which no longer has its name, to a new file of that name; returns whether that is durable.
    func restore(in directory: JournalDirectory) -> Bool {
        var own = stat()
        guard fstat(descriptor, &own) == 0, Int(own.st_size) >= durableLength else { return false }
        let copy = openat(directory.descriptor, name.text, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard copy >= 0 else { return false }
        defer { Glibc.close(copy) }
        guard Self.copy(from: descriptor, 0..<durableLength, to: copy) == 0, fdatasync(copy) == 0 else {
            _ = directory.remove(name.text)
            return false
        }
        return directory.sync() == 0
    }

    /// Cuts off what was not durable. The segment is never synced again, also not here: if the cut is lost, readers still skip these lines, because
    /// the next segment begins with the same records.
    func cutToDurable() {
        var own = stat()
        guard fstat(descriptor, &own) == 0, Int(own.st_size) > durableLength else { return }
        _ = ftruncate(descriptor, off_t(durableLength))
    }

    /// The number after the last record that is still in its place, after another process has shortened the file. The rest is cut off: a torn line,
    /// or lines that were appended after the hole and are written again elsewhere.
    func keepWholeLines() -> UInt64 {
        var next = name.first
        var end = 0
        var source = LineSource(name, lent: descriptor)
        // Checks the complete line: a line that was cut may be followed by the beginning of a line that was appended later.
        while let line = try? source.next(), RecordLine(line)?.sequence == next {
            next += 1
            end = source.offset
        }
        _ = ftruncate(descriptor, off_t(end))
        return next
    }
}
