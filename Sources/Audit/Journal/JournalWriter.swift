internal import Glibc
internal import Synchronization

/// Makes lines durable: syncs, hashes, rotates and heals. Used only by the writer's thread.
///
/// 1. A batch is: write to the file, sync, check that the file was not replaced, report that it is durable, and only then hash.
/// 2. While a sync runs, the next batch is collected; one sync serves all exchanges that asked meanwhile.
/// 3. If the last sync served several exchanges, the next one waits shortly until the same number asks again (`GatheringPace`).
struct JournalWriter: Sendable {
    let core: JournalCore
    var directory: JournalDirectory
    var tree: MerkleTree
    /// Requests whose closing record is not in the journal yet.
    var open: OpenRequests
    /// The lines being made durable; its memory is reused for the next batch.
    var flight: LineChunk

    /// When records are synced for which no exchange waits.
    private var deadline: ContinuousClock.Instant
    private var pace = GatheringPace()
    /// How many lines it hashes before it offers the processor to others: some 150 microseconds.
    private static let linesAtATime = 256

    /// Makes the writer of a journal that continues after `tree`.
    init(_ core: JournalCore, _ directory: JournalDirectory, _ tree: MerkleTree, _ open: OpenRequests) {
        self.core = core
        self.directory = directory
        self.tree = tree
        self.open = open
        flight = LineChunk(first: tree.size)
        deadline = .now
    }

    /// Works until the journal is closed.
    mutating func run() {
        while waitForWork() {
            deadline = .now + core.configuration.syncInterval
            if commit() != nil { healOrStop() }
        }
        finish()
    }

    /// Sleeps until there is something to do; false if the journal was closed.
    private mutating func waitForWork() -> Bool {
        while true {
            let (stop, due, sleep) = core.intake.withLock { intake -> (Bool, Bool, Duration?) in
                intake.posture = .awake
                var failing = false
                if case .failing = intake.gate { failing = true }
                let left = ContinuousClock.now.duration(to: deadline)
                if intake.stopRequested { return (true, false, nil) }
                if intake.syncWaiters > 0, !failing, let pause = pace.pause(waiters: intake.syncWaiters) {
                    intake.posture = .gathering(pace.expected)
                    return (false, false, pause)
                }
                if intake.syncWaiters > 0 || failing || (intake.held > 0 && left <= .zero) || intake.droppedUntold > 0 && intake.held == 0 {
                    pace.begin(waiters: intake.syncWaiters)
                    intake.syncWaiters = 0
                    return (false, true, nil)
                }
                intake.posture = intake.held > 0 ? .waiting : .idle
                return (false, false, intake.held > 0 ? left : nil)
            }
            if stop { return false }
            if due { return true }
            core.doorbell.wait(sleep)
            // The first record after an idle time is due one interval from now.
            if sleep == nil { deadline = .now + core.configuration.syncInterval }
        }
    }

    /// Makes everything appended so far durable; returns the error if that failed.
    mutating func commit() -> JournalError? {
        tellDropped()
        core.checkSpace()
        do throws(JournalError) {
            let segment = try core.handOver(&flight)
            guard !flight.isEmpty else { return nil }
            try sync(segment)
            try notice()
            core.land(flight, length: segment.length)
            core.report(.durable(upTo: SequenceNumber(flight.end)))
            absorb()
            if isRotationDue(core.outlet.withLock { $0.segment }) { try rotate() }
            return nil
        } catch {
            core.outlet.withLock { outlet in
                outlet.failure = error
                outlet.putBack(&flight)
            }
            core.fail(error)
            return error
        }
    }

    /// Syncs a segment, once.
    func sync(_ segment: Segment) throws(JournalError) {
        let start = ContinuousClock.now
        let code = segment.sync()
        guard code == 0 else { throw .syncFailed(segment: segment.name.text, code: code) }
        core.configuration.observeSync?(ContinuousClock.now - start)
        core.intake.withLock { $0.counters.syncs += 1 }
    }

    /// Checks that the file was not changed by another process. Under the outlet lock, because event loops write to it and its length must not change
    /// meanwhile.
    private func notice() throws(JournalError) {
        try core.outlet.withLock { [directory] outlet throws(JournalError) in
            guard outlet.failure == nil, let change = outlet.segment.change(in: directory) else { return }
            throw .segmentChanged(segment: outlet.segment.name.text, change: change)
        }
    }

    /// Adds the durable lines to the tree. After the report, so that no exchange waits for it.
    ///
    /// After a hundred milliseconds of small reads that is some milliseconds of work. Where this thread shares a processor with an event loop, they
    /// would be the longest pause of its requests: so it offers the processor in between, as long as it has time and nobody waits for the next sync.
    mutating func absorb() {
        let watcher = core.watcher.withLock { $0 }
        var growth = TreeGrowth(first: tree.size)
        if watcher != nil { growth.leaves.reserveCapacity(flight.records) }
        var untilOffer = Self.linesAtATime
        let lastOffer = deadline - core.configuration.syncInterval / 2
        flight.forEachLine { line in
            untilOffer -= 1
            if untilOffer == 0 {
                untilOffer = Self.linesAtATime
                if ContinuousClock.now < lastOffer, core.intake.withLock({ $0.syncWaiters == 0 }) { sched_yield() }
            }
            let leaf = MerkleTree.leaf(line)
            let completed = tree.append(subtree: leaf, level: 0, noting: SubtreeLedger.step)
            if watcher != nil {
                growth.leaves.append(leaf)
                if let completed { growth.subtrees.append(completed) }
            }
            if let head = RecordLineHead(line) { open.note(head) }
        }
        flight.clear(next: tree.size)
        let head = tree.head
        core.head.withLock { $0 = head }
        if !growth.leaves.isEmpty { watcher?.treeDidGrow(to: head, by: growth) }
    }

    /// Records an event with the number of records dropped since the last such event.
    private func tellDropped() {
        let count = core.intake.withLock { intake -> UInt64 in
            guard case .open = intake.gate else { return 0 }
            defer { intake.droppedUntold = 0 }
            return intake.droppedUntold
        }
        if count > 0 { core.append(event: "records_dropped", ["count": .integer(Int64(count))]) }
    }

    /// Writes the last batch, and the cache for a quick start.
    private mutating func finish() {
        if commit() != nil { _ = heal() }
        let (segment, failure) = core.outlet.withLock { ($0.segment, $0.failure) }
        if failure == nil {
            let place = FrontierCache(tree: tree, segment: segment.name, offset: segment.durableLength, oldestOpen: open.oldest)
            place.store(in: directory)
            let refused = core.intake.withLock { $0.refusalBytes }
            core.refusals.withLock { $0.stop(refusals: refused, in: directory) }
        }
        segment.close()
        core.watcher.withLock { $0 }?.treeDidEnd(at: tree.head)
        core.watcher.withLock { $0 = nil }
        directory.close()
    }
}

/// The steps of a batch at which the writer shares data with the threads that append.
extension JournalCore {
    /// Writes everything to the file, and moves the lines that are to become durable into `flight`. Returns their segment: event loops may continue
    /// to write to it while it is synced.
    func handOver(_ flight: inout LineChunk) throws(JournalError) -> Segment {
        try outlet.withLock { outlet throws(JournalError) in
            try outlet.drain(self)
            outlet.exchange(&flight)
            return outlet.segment
        }
    }

    /// Notes that the lines in flight are durable, in a segment that a sync covered up to `length`.
    func land(_ flight: LineChunk, length: Int) {
        outlet.withLock { $0.segment.markDurable(length) }
        durable.store(flight.end, ordering: .releasing)
        intake.withLock { $0.release(flight.count) }
    }
}
