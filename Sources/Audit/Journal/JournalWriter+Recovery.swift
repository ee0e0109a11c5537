import Files
internal import Glibc
internal import Synchronization

/// Starts a journal: repairs what `Recovery` has found, in an order that is safe if there is a second crash.
///
/// 1. Events and closing records are durable before the bytes that they describe are cut off.
/// 2. After a torn tail a new segment begins, so that the tail is superseded at once and cutting it is optional. Only a segment that is torn in its
///    first line is emptied before, because the new segment has the same name.
extension JournalWriter {
    /// Reads the directory and returns a writer that is ready to run.
    static func recover(_ directory: JournalDirectory, _ configuration: JournalConfiguration) throws(JournalError) -> JournalWriter {
        let begun = JournalNature.of(directory, try directory.segments())
        let recovery = try Recovery(reading: directory, signedSize: configuration.signedSize)
        let isNew = recovery.tree.size == 0
        guard isNew || begun == configuration.nature else { throw .otherNature(path: directory.path, began: begun) }
        if isNew { try configuration.nature.mark(directory) }
        var findings = recovery.findings
        if let tail = recovery.tail { findings.append(try keep(tail, before: recovery.tree.size, in: directory)) }
        let segment = try segment(after: recovery, in: directory, configuration)
        let refusals = RefusalSpace.load(from: directory)
        let core = try JournalCore(configuration, segment: segment, tree: recovery.tree, refusals: refusals)
        core.intake.withLock { $0.refusalBytes = refusals.current + recovery.refusalBytes }
        var writer = JournalWriter(core, directory, recovery.tree, OpenRequests())
        if isNew, configuration.nature == .sandbox { core.append(event: JournalNature.event, [:]) }
        let restored = JournalRestore.mark(directory)
        if let restored { core.append(event: JournalRestore.event, ["tree_size": .integer(Int64(clamping: restored))]) }
        for finding in findings { core.append(event: finding.event, finding.detail) }
        for request in recovery.open.values.sorted(by: { $0.sequence < $1.sequence }) {
            core.intake.withLock { $0.close(request, at: configuration.now()) }
        }
        if !recovery.open.isEmpty {
            configuration.observe?(JournalNotice(event: "requests_unknown", detail: ["count": .integer(Int64(recovery.open.count))]))
        }
        if let failure = writer.commit() { throw failure }
        if restored != nil { JournalRestore.unmark(directory) }
        for (name, offset) in recovery.superseded { cut(name, to: offset, in: directory) }
        if let tail = recovery.tail, tail.segment != segment.name { cut(tail.segment, to: tail.offset, in: directory) }
        return writer
    }

    private static func segment(
        after recovery: Recovery, in directory: JournalDirectory, _ configuration: JournalConfiguration
    ) throws(JournalError) -> Segment {
        let now = configuration.now()
        let next = SegmentName(first: recovery.tree.size)
        if let tail = recovery.tail, tail.offset == 0, tail.segment == next { cut(next, to: 0, in: directory) }
        // A segment without a line already has this name.
        let goesOn = directory.length(of: next.text) != nil ? next : recovery.tail == nil ? recovery.segment : nil
        if let goesOn {
            return try Segment(opening: goesOn, in: directory, openedAt: beginning(of: goesOn, in: directory) ?? now)
        }
        let segment = try Segment(creating: next.first, in: directory, at: now)
        let code = directory.sync()
        guard code == 0 else { throw .syncFailed(segment: segment.name.text, code: code) }
        return segment
    }

    /// Copies a tail with complete lines to a file next to the segments: a torn write leaves no complete line, so the tail may be evidence.
    private static func keep(
        _ tail: Recovery.Tail, before next: UInt64, in directory: JournalDirectory
    ) throws(JournalError) -> RecoveryFinding {
        var keptAs: String?
        if tail.lines > 0 {
            let name = SegmentName.tornPrefix + SegmentName(first: next).text
            let source = RegularFile.open(tail.segment.text, O_RDONLY | O_NOFOLLOW, in: directory.descriptor)
            let target = RegularFile.create(name, in: directory.descriptor)
            defer {
                Glibc.close(source)
                Glibc.close(target)
            }
            guard source >= 0, target >= 0, Segment.copy(from: source, tail.offset..<(tail.offset + tail.bytes), to: target) == 0,
                fdatasync(target) == 0
            else { throw .cannotOpen(segment: name, code: errno) }
            keptAs = name
        }
        return .tornTail(segment: tail.segment.text, offset: tail.offset, bytes: tail.bytes, lines: tail.lines, keptAs: keptAs)
    }

    /// The time of a segment's first record, so that restarts do not delay its rotation by age.
    private static func beginning(of name: SegmentName, in directory: JournalDirectory) -> Timestamp? {
        let descriptor = RegularFile.open(name.text, O_RDONLY | O_NOFOLLOW, in: directory.descriptor)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<max(read(descriptor, buffer.baseAddress, buffer.count), 0)])
            // `"time":"` follows the head: a comma, and eight bytes.
            guard let head = RecordLineHead(bytes), bytes.count > head.end + 9 + TimestampFormatter.length else { return nil }
            return Timestamp(UnsafeRawBufferPointer(rebasing: bytes[(head.end + 9)..<(head.end + 9 + TimestampFormatter.length)]))
        }
    }

    private static func cut(_ name: SegmentName, to offset: Int, in directory: JournalDirectory) {
        let descriptor = RegularFile.open(name.text, O_WRONLY | O_NOFOLLOW, in: directory.descriptor)
        guard descriptor >= 0 else { return }
        if ftruncate(descriptor, off_t(offset)) == 0 { fdatasync(descriptor) }
        Glibc.close(descriptor)
    }
}
