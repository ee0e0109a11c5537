import Files
internal import Glibc
internal import Synchronization

/// Compresses closed segments and removes old ones, on a thread of low priority that no request waits for.
///
/// 1. The newest segment is never touched.
/// 2. A segment is removed only if there is a checkpoint for exactly its end whose root matches its records, when every guard has read past it, and
///    when the event about it is durable, and after that the file that replaces it as evidence (`RemovedPrefix`): whoever has the directory can make
///    the file from what is there, but not the event.
final class Archivist: Sendable {
    /// The thread's priority (nice(2)).
    private static let niceness: Int32 = 10
    /// How long to wait before asking a guard again that objected, because its comparison reads all records that would be removed.
    private static let objectionPause = Duration.seconds(60)
    /// How long to wait for the event about a removal to become durable; otherwise the segments stay until the next time.
    private static let patience = (tries: 200, pause: Duration.milliseconds(50))

    private struct State: Sendable {
        var isEnding = false
        var compressed: UInt64 = 0
        var removed: UInt64 = 0
        /// Segments that are old enough and stay because a guard still needs them.
        var held: UInt64 = 0
        /// Until when no guard is asked again, after one could not confirm that its copy is complete.
        var pausedUntil: ContinuousClock.Instant?
        var objection: String?
        /// The record before which everything is removed, as the newest event says, and that event's number.
        var told: (before: UInt64, event: SequenceNumber)?
    }

    private let journal: Journal
    private let configuration: NotaryConfiguration
    private let store: CheckpointStore
    private let state = Mutex(State())
    private let watch = Mutex(SegmentWatch())
    private let bell: Doorbell
    private let thread: Mutex<BlockingThread?>

    init(journal: Journal, configuration: NotaryConfiguration, store: CheckpointStore) throws(JournalError) {
        self.journal = journal
        self.configuration = configuration
        self.store = store
        bell = try Doorbell()
        thread = Mutex(nil)
        guard let running = BlockingThread({ [self] in run() }) else { throw .noResources(code: 0) }
        thread.withLock { $0 = running }
    }

    /// Segments compressed and removed since the start, and those that a guard holds now.
    var totals: (compressed: UInt64, removed: UInt64, held: UInt64) { state.withLock { ($0.compressed, $0.removed, $0.held) } }

    /// A segment was closed.
    func wake() { bell.ring() }

    /// Stops, even during a compression.
    func end() {
        state.withLock { $0.isEnding = true }
        bell.ring()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    private var isEnding: Bool { state.withLock { $0.isEnding } }

    private func run() {
        // On Linux, 0 means the calling thread.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        var complaint: String?
        while !isEnding {
            lookAtClosed()
            var trouble = removeExpired()
            // An incomplete copy only forbids removal; segments are compressed all the same.
            if configuration.compresses, trouble == nil || trouble == objection { trouble = compressClosed() ?? trouble }
            // One event for consecutive failures of the same kind.
            if let trouble, trouble != complaint { journal.note(event: "housekeeping_failed", ["reason": .string(trouble)]) }
            complaint = trouble
            if isEnding { return }
            bell.wait(configuration.housekeeping)
        }
    }

    /// Records changes to closed segments since the previous check, which the gateway itself never makes.
    private func lookAtClosed() {
        guard let names = try? DirectoryListing.segments(under: store.directory) else { return }
        for finding in watch.withLock({ $0.look(names, in: store.directory) }) { tell(finding) }
    }

    private func tell(_ finding: SegmentWatch.Finding) {
        journal.note(
            event: "segment_damaged", ["segment": .string(finding.segment.text), "reason": .string("segment_" + finding.change.rawValue)])
        journal.core.noteDamage("the closed segment \(finding.segment.text) was \(finding.change.rawValue)")
    }

    private func compressClosed() -> String? {
        guard let names = try? DirectoryListing.segments(under: store.directory) else { return "the directory can't be listed" }
        for name in names.dropLast() where !name.isCompressed && !isEnding && journal.space != .critical {
            var finding: SegmentWatch.Finding?
            let error = Compressor.compress(
                name, in: store.directory, didReplace: { source in finding = watch.withLock { $0.exchange(name, source, in: store.directory) } },
                isCancelled: { isEnding })
            if let finding { tell(finding) }
            if let error {
                return error.code == ECANCELED ? nil : "\(name.text) can't be compressed: \(error.text)"
            }
            state.withLock { $0.compressed += 1 }
        }
        return nil
    }

    private func removeExpired() -> String? {
        guard let retention = configuration.retention, let names = try? DirectoryListing.segments(under: store.directory) else { return nil }
        let signed = store.newest()?.head.size ?? 0
        let now = configuration.now()
        // The journal may begin at the first record before which all records are old enough, signed, and not needed by a guard.
        let expired = names.dropFirst().last { name in
            guard name.first <= signed, store.checkpoint(name.first) != nil, let time = Self.beginning(of: name, in: store.directory)
            else { return false }
            return now.since(time) > retention
        }
        guard let expired else { return nil }
        let guards = configuration.guards.map { (name: $0.name, needed: $0.oldestNeeded) }
        let end = names.dropFirst().last { name in
            name.first <= expired.first && store.checkpoint(name.first) != nil && guards.allSatisfy { name.first <= $0.needed.value }
        }
        hold(names.count { $0.first < expired.first && $0.first >= end?.first ?? 0 }, for: guards.filter { expired.first > $0.needed.value })
        guard let end else { return nil }
        if let pause = state.withLock({ $0.pausedUntil }), .now < pause { return objection }
        return remove(names.filter { $0.first < end.first }, before: end)
    }

    /// Records, once, that segments are kept for a guard; their later removal shows that the guard no longer needs them.
    private func hold(_ segments: Int, for guards: [(name: String, needed: SequenceNumber)]) {
        let before = state.withLock { state in
            defer { state.held = UInt64(segments) }
            return state.held
        }
        guard segments > 0, before == 0 else { return }
        journal.note(
            event: "segments_held",
            ["segments": .integer(Int64(segments)), "sinks": .list(guards.map { .string("\($0.name) needs \($0.needed)") })])
    }

    private func remove(_ names: [SegmentName], before end: SegmentName) -> String? {
        var tree = MerkleTree()
        if case .prefix(let removed) = RemovedPrefix.load(store.directory) { tree = removed.tree }
        let beginning = tree
        var reader = JournalReader(directory: store.directory, from: SequenceNumber(tree.size))
        do throws(JournalError) {
            try reader.forEachRecord(before: SequenceNumber(end.first)) { number, line in
                if number.value == tree.size { tree.append(line) }
                return !isEnding
            }
        } catch {
            return "records before \(end.first) can't be read"
        }
        if isEnding { return nil }
        guard let checkpoint = store.checkpoint(end.first), let prefix = RemovedPrefix(tree: tree, checkpoint: checkpoint) else {
            return "records before \(end.first) are not those that the checkpoint signs, so they stay"
        }
        for guardian in configuration.guards {
            guard let objection = guardian.objection(to: beginning, tree.head) else { continue }
            // The segments are kept, and the next start compares again.
            if guardian.isEnding { return nil }
            return object(guardian.name, objection)
        }
        state.withLock { ($0.pausedUntil, $0.objection) = (nil, nil) }
        guard tell(names, before: end, tree.root) else { return isEnding ? nil : "segments stay until the event about their removal can be written" }
        if let error = SmallFile.replace("\(store.directory)/\(RemovedPrefix.fileName)", prefix.text, isDurable: true) {
            return "segments can't be removed: \(error.text)"
        }
        watch.withLock { $0.forget(names) }
        for name in names {
            unlink("\(store.directory)/\(name.text)")
            // What a compression has left that was killed: nothing else would ever remove these records.
            unlink("\(store.directory)/\(name.compressed.text)\(FileDraft.suffix)")
            state.withLock { $0.removed += 1 }
        }
        store.remove(before: end.first)
        LeafLedger.remove(before: end.first, in: store.directory)
        return nil
    }

    /// Records, once, that segments are removed. Whether that is durable.
    private func tell(_ names: [SegmentName], before end: SegmentName, _ root: SHA256Hash) -> Bool {
        let told = state.withLock { $0.told }
        var event = told?.before == end.first ? told?.event : nil
        if event == nil {
            event = journal.note(
                event: RemovedPrefix.event,
                [
                    "before": .integer(Int64(end.first)), "root": .string(root.description),
                    "segments": .list(names.map { .string($0.text) }),
                ])
            state.withLock { $0.told = event.map { (end.first, $0) } }
        }
        guard let event else { return false }
        for _ in 0..<Self.patience.tries where journal.durable <= event && !isEnding { bell.wait(Self.patience.pause) }
        return journal.durable > event
    }

    /// Records, once for consecutive equal objections, why segments are kept, and does not ask the guard again for a while.
    private func object(_ name: String, _ sentence: String) -> String {
        let sentence = "the copy of \(name) can't stand for records that are due to be removed, so they stay: \(sentence)"
        state.withLock { ($0.pausedUntil, $0.objection) = (.now + Self.objectionPause, sentence) }
        return sentence
    }

    private var objection: String? { state.withLock { $0.objection } }

    /// The time of a segment's first record: everything in the segments before is older.
    private static func beginning(of name: SegmentName, in directory: String) -> Timestamp? {
        guard var source = try? LineSource(name, under: directory), let line = try? source.next() else { return nil }
        return RecordFields(line)?.time
    }
}
