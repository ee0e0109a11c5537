internal import Synchronization

/// The append-only audit log on disk: one line of JSON for each record, numbered without gaps, each a leaf of a Merkle tree.
///
/// An exchange under strict durability appends its request record, asks for a sync and waits until a listener is told that it is durable; it does the
/// same with its response record before the last byte. Other exchanges only append; at the end of its turn an event loop writes everything with one
/// `write()`. No call waits for the disk: the journal's own thread syncs, once for all exchanges that asked meanwhile.
///
/// When the disk fails, the current segment is abandoned, records stay in memory up to a bound, and the journal tries to create a new segment until
/// that succeeds. It recovers without a restart, and an event records what happened.
package final class Journal: Sendable {
    let core: JournalCore
    private let thread: Mutex<BlockingThread?>

    private init(_ core: JournalCore, _ thread: BlockingThread) {
        self.core = core
        self.thread = Mutex(thread)
    }

    deinit {
        close()
    }

    /// Opens the journal: locks its directory, reads what the last run left, records its findings as events, closes requests without an end as
    /// `unknown`, and makes all of that durable before it returns. Blocks, so it must not be called on an event loop.
    package static func open(_ configuration: JournalConfiguration) throws(JournalError) -> Journal {
        let directory = try JournalDirectory(path: configuration.directory)
        do throws(JournalError) {
            let writer = try JournalWriter.recover(directory, configuration)
            let core = writer.core
            let thread = BlockingThread {
                var writer = writer
                writer.run()
            }
            guard let thread else { throw .noResources(code: 0) }
            return Journal(core, thread)
        } catch {
            directory.close()
            throw error
        }
    }

    /// Appends a record: assigns its number and encodes it into memory. May be called on any thread. Takes a lock that is held while one record is
    /// encoded.
    ///
    /// While the journal is failing, a `request` record is refused with the reason, because nothing may be sent to HSS without one. Records of other
    /// phases are kept up to `pendingLimit`; beyond it they are refused and counted, and an event says how many.
    package func append(_ record: Record) throws(JournalError) -> SequenceNumber {
        try core.append(record)
    }

    /// Writes everything appended to the file, in order. It is durable after the next sync, which happens within `syncInterval`.
    package func write() throws(JournalError) {
        try core.write()
    }

    /// Asks for a sync now, on behalf of `waiters` exchanges. True if every record before `end` is already durable; otherwise listeners are called
    /// with `durable` or `failed`. Throws if the journal is failing.
    package func requestSync(upTo end: SequenceNumber, for waiters: Int = 1) throws(JournalError) -> Bool {
        try core.requestSync(upTo: end, for: waiters)
    }

    /// Registers a listener, called on the writer's thread once per batch. It must be quick: the next sync waits for it.
    package func subscribe(_ listener: @escaping @Sendable (JournalProgress) -> Void) {
        core.listeners.withLock { $0.append(listener) }
    }

    /// The number after the last durable record.
    package var durable: SequenceNumber { SequenceNumber(core.durable.load(ordering: .acquiring)) }

    /// The number that the next record gets.
    package var appended: SequenceNumber { core.intake.withLock { SequenceNumber($0.next) } }

    /// Whether the journal can be written; one atomic load, for every request.
    package var isHealthy: Bool { core.isHealthy.load(ordering: .acquiring) }

    /// Whether the journal can be written, since when not, and why not.
    package var state: JournalState {
        core.intake.withLock { intake in
            switch intake.gate {
            case .open: .healthy
            case .failing(let since, let reason): .failing(since: since, reason: reason)
            case .closed: .closed
            }
        }
    }

    /// Size and root of the tree over the durable records: only this may be signed. It lags behind `durable` by the time of hashing one batch.
    package var treeHead: TreeHead { core.head.withLock { $0 } }

    /// Totals for metrics.
    package var counters: JournalCounters { core.intake.withLock { $0.counters } }

    /// Makes identifiers for records.
    package var identifiers: RecordIDGenerator { core.configuration.identifiers }

    /// Changes the name tag of future records without their own tag, after a reload.
    package func setGateway(_ gateway: Record.Gateway) {
        core.intake.withLock { $0.setGateway(gateway) }
    }

    /// Refuses further records, makes the accepted ones durable if the disk works, stops the thread and unlocks the directory. Idempotent.
    package func close() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        core.intake.withLock { intake in
            intake.gate = .closed
            intake.stopRequested = true
            intake.posture = .awake
        }
        core.isHealthy.store(false, ordering: .releasing)
        core.doorbell.ring()
        running.join()
    }
}

/// The state shared by the threads that append and the thread that writes.
///
/// 1. Locks are taken in the order outlet, intake; listeners are called without either.
/// 2. `durable` only grows, and only after a sync that covered everything before it returned.
/// 3. Only the writer's thread (or `open`, before it starts) opens, syncs and closes segments; others write to one under the outlet lock.
final class JournalCore: Sendable {
    let configuration: JournalConfiguration
    let intake: Mutex<Intake>
    let outlet: Mutex<Outlet>
    let listeners = Mutex<[@Sendable (JournalProgress) -> Void]>([])
    let head: Mutex<TreeHead>
    let watcher = Mutex<(any TreeWatcher)?>(nil)
    let space: Mutex<SpaceWatch>
    let refusals: Mutex<RefusalSpace>
    let takesRefusals = Atomic<Bool>(true)
    /// A sentence about destroyed durable records, until an operator has acknowledged it.
    let damage = Mutex<String?>(nil)
    let durable: Atomic<UInt64>
    let isHealthy = Atomic<Bool>(true)
    let doorbell: Doorbell

    /// Makes the core of a journal that continues after `tree`.
    init(
        _ configuration: JournalConfiguration, segment: Segment, tree: MerkleTree, refusals: RefusalSpace = RefusalSpace()
    ) throws(JournalError) {
        self.configuration = configuration
        intake = Mutex(Intake(next: tree.size, configuration: configuration))
        outlet = Mutex(Outlet(segment: segment, next: tree.size))
        head = Mutex(tree.head)
        space = Mutex(SpaceWatch())
        self.refusals = Mutex(refusals)
        durable = Atomic(tree.size)
        doorbell = try Doorbell()
    }

    /// Appends a record; wakes the writer only if it sleeps without a deadline.
    func append(_ record: Record) throws(JournalError) -> SequenceNumber {
        let (sequence, ring, isFull) = try intake.withLock { intake throws(JournalError) in
            (try intake.append(record), intake.wakeForRecord(), intake.refusalRoom == 0)
        }
        if isFull, takesRefusals.load(ordering: .relaxed) { takesRefusals.store(false, ordering: .relaxed) }
        if ring { doorbell.ring() }
        return sequence
    }

    /// Appends a record of the journal itself.
    @discardableResult
    func append(event: String, _ detail: FieldObject) -> SequenceNumber {
        let now = configuration.now()
        let record = Record(event: event, id: configuration.identifiers.next(at: now), time: now, detail: detail)
        let sequence = intake.withLock { $0.appendOwn(record) }
        configuration.observe?(JournalNotice(event: event, detail: detail))
        return sequence
    }

    /// Writes everything appended to the file.
    func write() throws(JournalError) {
        do throws(JournalError) {
            try outlet.withLock { outlet throws(JournalError) in try outlet.drain(self) }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Asks for a sync now, on behalf of a number of waiters; true if the records before `end` are already durable.
    func requestSync(upTo end: SequenceNumber, for waiters: Int) throws(JournalError) -> Bool {
        if durable.load(ordering: .acquiring) >= end.value { return true }
        let ring = try intake.withLock { intake throws(JournalError) in
            switch intake.gate {
            case .failing(_, let reason): throw reason
            case .closed: throw .closed
            case .open: break
            }
            intake.syncWaiters += waiters
            return intake.wakeForSync()
        }
        if ring { doorbell.ring() }
        return false
    }

    /// Notes that the journal cannot be written; the first reason is kept. Wakes the writer's thread to recover.
    func fail(_ reason: JournalError) {
        let now = configuration.now()
        let (isFirst, ring) = intake.withLock { intake in
            guard case .open = intake.gate else { return (false, false) }
            intake.gate = .failing(since: now, reason: reason)
            intake.counters.writeErrors += 1
            isHealthy.store(false, ordering: .releasing)
            return (true, intake.wakeAtOnce())
        }
        if ring { doorbell.ring() }
        if isFirst { configuration.observe?(JournalNotice(event: JournalNotice.failing, detail: reason.detail)) }
    }

    /// Notes that durable records are lost and can't be recovered. The first sentence is kept until an operator has acknowledged it.
    func noteDamage(_ sentence: String) {
        damage.withLock { $0 = $0 ?? sentence }
    }

    /// Notes that the journal can be written again.
    func recover() {
        intake.withLock { intake in
            guard case .failing = intake.gate else { return }
            intake.gate = .open
            isHealthy.store(true, ordering: .releasing)
        }
    }

    /// Calls every listener.
    func report(_ progress: JournalProgress) {
        for listener in listeners.withLock({ $0 }) { listener(progress) }
    }
}
