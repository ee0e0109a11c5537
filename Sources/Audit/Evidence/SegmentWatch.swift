internal import Glibc

/// The closed segments as they were at the last check: the gateway no longer writes to them, so a change was made by another process. The segment
/// that is being written is checked with each batch (`Segment.change`).
struct SegmentWatch {
    private struct Seen: Hashable {
        let inode: UInt64
        let size: Int64
        /// When the content was last changed, nanoseconds.
        let changed: Int64

        init(_ status: stat) {
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            changed = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
        }

        /// Nil if nothing was changed.
        func change(to now: Seen) -> SegmentChange? {
            guard self != now else { return nil }
            return now.size < size ? .truncated : now.size > size ? .extended : .replaced
        }
    }

    /// A segment that was changed.
    struct Finding: Sendable, Hashable {
        let segment: SegmentName
        let change: SegmentChange
    }

    private var seen: [SegmentName: Seen] = [:]

    /// Checks the closed segments of a directory.
    /// - Parameter names: the existing segments, the newest last.
    mutating func look(_ names: [SegmentName], in directory: String) -> [Finding] {
        var findings: [Finding] = []
        var now: [SegmentName: Seen] = [:]
        for name in names.dropLast() {
            guard let found = Self.look(name, in: directory) else { continue }
            now[name] = found
            guard let change = seen[name]?.change(to: found) else { continue }
            findings.append(Finding(segment: name, change: change))
        }
        for name in seen.keys.sorted(by: { $0.first < $1.first }) where now[name] == nil && now[name.compressed] == nil {
            findings.append(Finding(segment: name, change: .deleted))
        }
        seen = now
        return findings
    }

    /// The archivist has put a compressed copy in a segment's place: the copy is watched from now on. All other segments stay as they were at the
    /// last check, so that what others do to them meanwhile is found by the next one.
    /// - Parameter descriptor: the segment that was copied.
    /// - Returns: what was done to the segment between the last check and its replacement.
    mutating func exchange(_ name: SegmentName, _ descriptor: Int32, in directory: String) -> Finding? {
        let before = seen.removeValue(forKey: name)
        seen[name.compressed] = Self.look(name.compressed, in: directory)
        var status = stat()
        guard let before, fstat(descriptor, &status) == 0, let change = before.change(to: Seen(status)) else { return nil }
        return Finding(segment: name, change: change)
    }

    /// Stops watching segments that retention removed, so that they are not reported.
    mutating func forget(_ names: [SegmentName]) {
        for name in names { seen[name] = nil }
    }

    private static func look(_ name: SegmentName, in directory: String) -> Seen? {
        var status = stat()
        guard lstat("\(directory)/\(name.text)", &status) == 0 else { return nil }
        return Seen(status)
    }
}
