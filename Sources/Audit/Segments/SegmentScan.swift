/// Reads one segment: which lines are records in their place, and what is wrong with the others.
///
/// A line that is no record is not classified at once. If a record in its right place follows, the line was damaged after it had been written, and is
/// kept as a leaf; if none follows, the last write was torn there.
///
/// One kind of line is classified at once: a hole of zeros after the last checkpoint, which no record can contain. It is a sector that was not
/// written before a power cut while later ones were. A sync would have written it before anything after it was acknowledged, so the torn tail begins
/// with it.
struct SegmentScan: Sendable {
    /// Lines that are not classified yet.
    struct Suspects: Sendable {
        /// Where the first begins.
        let offset: Int
        /// How many there are.
        var count = 0
        /// The tree as it will be if they are damaged records.
        var tree: MerkleTree
        /// Whether everything after them was never acknowledged.
        var isTorn = false
    }

    /// The tree, grown by this segment's lines.
    private(set) var tree: MerkleTree
    /// The number the next record must have.
    private(set) var next: UInt64
    /// Request records without a closing record so far.
    private(set) var open: [RecordID: OpenRequest]
    /// Offset at which the classified lines end.
    private(set) var end: Int
    /// Lines at the segment's end that are not classified yet.
    private(set) var suspects: Suspects?
    /// Damage between records.
    private(set) var damage: [RecoveryFinding] = []
    /// Bytes of the records of refusals among the lines that grew the tree.
    private(set) var refusalBytes = 0
    private let name: SegmentName
    /// The first number of the segment that follows; lines from there on are superseded.
    private let limit: UInt64?
    /// Numbers before this one are known to have been durable.
    private let durable: UInt64

    /// Makes the scan of a segment from `offset` on, where the record `next` should begin.
    init(
        _ name: SegmentName, from place: (offset: Int, next: UInt64), limit: UInt64?, durable: UInt64,
        after history: (MerkleTree, [RecordID: OpenRequest])
    ) {
        self.name = name
        self.durable = durable
        self.limit = limit
        next = place.next
        end = place.offset
        (tree, open) = history
    }

    /// Reads the valid lines of a segment, and the bytes after them.
    mutating func read(_ source: inout LineSource) throws(JournalError) {
        while true {
            let offset = source.offset
            guard let line = try source.next() else { break }
            guard read(line, at: offset) else { return }
        }
        if source.rest > 0 { endsTorn(at: source.offset) }
    }

    /// Reads a line that begins at this byte; false if no later line is valid.
    private mutating func read(_ line: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        let place = next + UInt64(suspects?.count ?? 0)
        if let limit, place >= limit { return false }
        guard suspects?.isTorn != true, let record = RecordLine(line), record.sequence == place else {
            var doubt = suspects ?? Suspects(offset: offset, tree: tree)
            Self.add(line, place, to: &doubt.tree)
            doubt.count += 1
            if limit == nil, place >= durable, line.contains(0) { doubt.isTorn = true }
            suspects = doubt
            return true
        }
        settle()
        if place >= tree.size, record.phase == .refusal { refusalBytes += line.count + 1 }
        Self.add(line, place, to: &tree)
        next = place + 1
        end = offset + line.count + 1
        note(record, line)
        return true
    }

    /// There are bytes without a newline at the end.
    private mutating func endsTorn(at offset: Int) {
        if let limit, next + UInt64(suspects?.count ?? 0) >= limit { return }
        if suspects == nil { suspects = Suspects(offset: offset, tree: tree) }
    }

    /// Treats unclassified lines as damaged records, if they fill exactly the gap in the numbers.
    mutating func settleBeforeNextSegment() {
        if let limit, let suspects, next + UInt64(suspects.count) == limit { settle() }
    }

    private mutating func settle() {
        guard let doubt = suspects, doubt.count > 0 else { return }
        damage.append(.damaged(segment: name.text, offset: doubt.offset, from: next, count: doubt.count))
        tree = doubt.tree
        next += UInt64(doubt.count)
        suspects = nil
    }

    /// The frontier cache may already cover lines that are read only because of open requests.
    private static func add(_ line: UnsafeRawBufferPointer, _ place: UInt64, to tree: inout MerkleTree) {
        if place >= tree.size { tree.append(line) }
    }

    private mutating func note(_ record: RecordLine, _ line: UnsafeRawBufferPointer) {
        switch record.phase {
        case .request:
            open[record.id] = OpenRequest(
                id: record.id, sequence: record.sequence, members: Array(line[record.members]), export: Array(line[record.export]),
                detail: Array(line[record.detail]))
        case .response, .refusal: open[record.id] = nil
        case .event: break
        }
    }
}
