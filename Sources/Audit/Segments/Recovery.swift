internal import Glibc

/// Reads back what the last run left, changing nothing but removing segments that never got a line: the tree, the open requests, the place to go
/// on, and what is wrong.
struct Recovery {
    /// The end of the last segment that has to go.
    struct Tail: Sendable {
        let segment: SegmentName
        let offset: Int
        let bytes: Int
        let lines: Int
    }

    /// The tree over everything before the next record.
    private(set) var tree = MerkleTree()
    /// Requests without an end, by their exchange.
    private(set) var open: [RecordID: OpenRequest] = [:]
    /// What was found.
    private(set) var findings: [RecoveryFinding] = []
    /// The segment to go on with; nothing when a new one is needed.
    private(set) var segment: SegmentName?
    /// What is cut off after the events are durable.
    private(set) var tail: Tail?
    /// Segments whose end is superseded by the next, and where: leftovers of the gateway's own. What somebody else put there stays as evidence.
    private(set) var superseded: [(SegmentName, Int)] = []

    /// Bytes of the records of refusals that the cache doesn't know of.
    private(set) var refusalBytes = 0

    private let directory: JournalDirectory
    private var next: UInt64 = 0
    /// Numbers before this one were durable once, by a checkpoint or by the cache.
    private var durable: UInt64 = 0

    /// Reads the directory.
    /// - Parameter signedSize: numbers before it were given, whatever the segments say.
    init(reading directory: JournalDirectory, signedSize: UInt64 = 0) throws(JournalError) {
        self.directory = directory
        var names = try directory.segments()
        if case .prefix(let removed) = RemovedPrefix.load(directory.path) {
            // Segments that were on their way out when the last run ended are as good as gone.
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

    /// Whether the line before the cache's place is the one it should be. A segment that is gone or shorter is not the cache's fault:
    /// then the cache knows about records that the segments have lost, and keeps their numbers from being given twice.
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

    /// Where to begin reading: at the cache's place, or at the beginning of the segment with the oldest open request.
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
        // Segments at the end that were begun and got no line supersede nothing: what they would have held may be in the one before.
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

    /// Numbers before `first` that no segment has are leaves of missing records, unless the cache covers them.
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
        // What the last run wrote and never synced must not be taken for durable. If this sync fails there is nothing to build on; if an
        // earlier one had failed, its pages are clean but not on disk, so they are dropped from the cache and the disk itself is read.
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

    /// A compressed segment was complete when it was compressed. Where it can't be decompressed its records are missing, which is no reason
    /// not to start.
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
        // The cache, or a checkpoint, covers records that the segments have lost. Their numbers must not be given twice.
        findings.append(.missing(from: next, to: given))
        if tree.size < given { tree.appendMissing(given - tree.size) }
        next = given
        if tail == nil { segment = nil }
    }
}
