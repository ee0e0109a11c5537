import Files
internal import Glibc

/// Reads the journal of the last run: the tree, the open requests, where to continue, and what is wrong. It only changes the directory by removing
/// segments that never got a line.
struct Recovery {
    /// The end of the last segment that has to be cut off.
    struct Tail: Sendable {
        let segment: SegmentName
        let offset: Int
        let bytes: Int
        let lines: Int
    }

    /// The tree over all records before the next one.
    private(set) var tree = MerkleTree()
    /// Requests without a closing record, by their exchange.
    private(set) var open: [RecordID: OpenRequest] = [:]
    /// The findings.
    private(set) var findings: [RecoveryFinding] = []
    /// The segment to continue; nil if a new one is needed.
    private(set) var segment: SegmentName?
    /// The bytes to cut off after the events are durable.
    private(set) var tail: Tail?
    /// Segments whose end is superseded by the next, with its offset: only bytes that the gateway itself left. Bytes from outside are kept as
    /// evidence.
    private(set) var superseded: [(SegmentName, Int)] = []

    /// Bytes of the records of refusals that are not in the cache.
    private(set) var refusalBytes = 0

    private let directory: JournalDirectory
    private var next: UInt64 = 0
    /// Numbers before this one were durable once, by a checkpoint or by the cache.
    private var durable: UInt64 = 0

    /// Reads the directory.
    /// - Parameter signedSize: numbers before it have been used, even if the segments don't have them.
    init(reading directory: JournalDirectory, signedSize: UInt64 = 0) throws(JournalError) {
        self.directory = directory
        var names = try directory.segments()
        if case .prefix(let removed) = RemovedPrefix.load(directory.path) {
            // Segments whose removal had begun when the last run ended count as removed.
            let left = names.firstIndex { $0.first >= removed.tree.size } ?? names.endIndex
            names.removeFirst(left)
            (tree, next) = (removed.tree, removed.tree.size)
        }
        var start = (segment: names.first?.first ?? 0, offset: 0)
        switch FrontierCache.load(from: directory) {
        case .absent: break
        case .damaged: findings.append(.frontierRebuilt)
        case .cache(let cache):
            if cache.tree.size < tree.size {
                break
            } else if cache.tree.size > 0, !covers(cache) {
                findings.append(.frontierRebuilt)
            } else {
                tree = cache.tree
                start = place(of: cache, in: names)
            }
        }
        durable = max(signedSize, tree.size)
        try read(names.filter { $0.first >= start.segment }, from: start.offset)
        finish(signedSize)
    }

    /// Whether the line before the cache's position is the expected one. If the segment is missing or shorter, the cache is still valid: it then
    /// covers records that the segments have lost, and prevents their numbers from being used twice.
    private func covers(_ cache: FrontierCache) -> Bool {
        guard cache.offset > 0, let length = directory.length(of: cache.segment.text), length >= cache.offset else { return true }
        let window = min(cache.offset, 1 << 20)
        let descriptor = RegularFile.open(cache.segment.text, O_RDONLY | O_NOFOLLOW, in: directory.descriptor)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: window)
        guard bytes.withUnsafeMutableBytes({ pread(descriptor, $0.baseAddress, window, off_t(cache.offset - window)) }) == window,
            bytes.last == 0x0A
        else { return false }
        let line = (bytes.dropLast().lastIndex(of: 0x0A) ?? -1) + 1
        return bytes.withUnsafeBytes { raw in
            RecordLineHead(UnsafeRawBufferPointer(rebasing: raw[line..<(window - 1)]))?.sequence == cache.tree.size - 1
        }
    }

    /// Where to begin reading: at the cache's position, or at the beginning of the segment with the oldest open request.
    private mutating func place(of cache: FrontierCache, in names: [SegmentName]) -> (segment: UInt64, offset: Int) {
        let oldest = cache.oldestOpen ?? cache.tree.size
        guard let length = directory.length(of: cache.segment.text), length >= cache.offset else {
            return (names.last { $0.first <= oldest }?.first ?? names.first?.first ?? 0, 0)
        }
        if cache.oldestOpen == nil {
            next = cache.tree.size
            return (cache.segment.first, cache.offset)
        }
        return (names.last { $0.first <= oldest }?.first ?? cache.segment.first, 0)
    }

    private mutating func read(_ names: [SegmentName], from offset: Int) throws(JournalError) {
        // Segments at the end without a line supersede nothing: their records may be in the segment before.
        let filled = names.reversed().drop { directory.length(of: $0.text) == 0 }.reversed()
        for (index, name) in filled.enumerated() {
            let begin = index == 0 ? offset : 0
            if begin == 0 { skipMissing(before: name.first) }
            let following = index + 1 < filled.count ? filled[filled.index(filled.startIndex, offsetBy: index + 1)] : nil
            try read(name, from: begin, before: following)
        }
        for name in names.suffix(names.count - filled.count) {
            if name.first < next {
                _ = directory.remove(name.text)
            } else {
                skipMissing(before: name.first)
                segment = name
            }
        }
    }

    /// Appends leaves of missing records for numbers before `first` that no segment has, unless the cache covers them.
    private mutating func skipMissing(before first: UInt64) {
        guard next < first else { return }
        if tree.size < first {
            let from = max(next, tree.size)
            findings.append(.missing(from: from, to: first))
            tree.appendMissing(first - from)
        }
        next = first
    }

    private mutating func read(_ name: SegmentName, from offset: Int, before following: SegmentName?) throws(JournalError) {
        let descriptor = RegularFile.open(name.text, O_RDONLY | O_NOFOLLOW, in: directory.descriptor)
        guard descriptor >= 0 else { throw .cannotOpen(segment: name.text, code: errno) }
        defer { Glibc.close(descriptor) }
        // Lines that the last run wrote and never synced must not be treated as durable. If this sync fails, the start fails. If an earlier sync had
        // failed, its pages are clean but not on disk, so they are dropped from the page cache and the disk itself is read.
        guard fdatasync(descriptor) == 0 else { throw .syncFailed(segment: name.text, code: errno) }
        posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
        var scan = SegmentScan(name, from: (offset, next), limit: following?.first, durable: durable, after: (tree, open))
        if name.isCompressed {
            try Self.read(name, under: directory.path, into: &scan)
        } else {
            var source = LineSource(name, lent: descriptor, atByte: offset)
            try scan.read(&source)
        }
        scan.settleBeforeNextSegment()
        try take(scan, name, before: following, length: directory.length(of: name.text) ?? scan.end)
    }

    /// A compressed segment was complete when it was compressed. If it can't be decompressed, its records are missing, which does not prevent the
    /// start.
    private static func read(_ name: SegmentName, under path: String, into scan: inout SegmentScan) throws(JournalError) {
        var source = try LineSource(name, under: path)
        do throws(JournalError) {
            try scan.read(&source)
        } catch {
            guard case .cannotRead(_, EBADMSG) = error else { throw error }
        }
    }

    private mutating func take(_ scan: SegmentScan, _ name: SegmentName, before following: SegmentName?, length: Int) throws(JournalError) {
        (tree, open, next) = (scan.tree, scan.open, scan.next)
        findings += scan.damage
        refusalBytes += scan.refusalBytes
        segment = name.isCompressed ? nil : name
        tail = nil
        guard length > scan.end, !name.isCompressed else { return }
        guard let following else {
            tail = Tail(segment: name, offset: scan.end, bytes: length - scan.end, lines: scan.suspects?.count ?? 0)
            return
        }
        if let suspects = scan.suspects {
            findings.append(.damaged(segment: name.text, offset: suspects.offset, from: next, count: suspects.count))
        } else if try SegmentTail.isOurs(from: scan.end, of: name, before: following, under: directory.path, durable: durable) {
            superseded.append((name, scan.end))
        } else {
            findings.append(.extended(segment: name.text))
        }
    }

    private mutating func finish(_ signedSize: UInt64) {
        let given = max(tree.size, signedSize)
        guard next < given else { return }
        // The cache, or a checkpoint, covers records that the segments have lost. Their numbers must not be used twice.
        findings.append(.missing(from: next, to: given))
        if tree.size < given { tree.appendMissing(given - tree.size) }
        next = given
        if tail == nil { segment = nil }
    }
}
