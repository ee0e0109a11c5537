internal import Synchronization

/// The append-only audit log on disk: one line of JSON for each record, numbered without gaps, each a leaf of a Merkle tree.
///
/// An exchange under strict durability appends its request record, asks for a sync and waits until a listener hears that it is durable; it does
/// the same with its response record before the last byte. Other exchanges only append; at the end of its turn an event loop writes everything
/// with one `write()`. No call waits for the disk: the journal's own thread syncs, once for all who asked meanwhile.
///
/// When the disk fails, the segment that was being written is given up for good, records stay in memory up to a bound, and a new segment is
/// tried until one can be written. The journal heals without a restart, and an event tells what happened.
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

    /// Opens the journal: locks its directory, reads back what the last run left, says in events what it found, closes requests that have
    /// no end as `unknown`, and makes all of that durable before it returns. Blocks; not for an event loop.
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

    /// Appends a record: assigns its number and encodes it into memory. Any thread. It takes a lock that is held for the encoding of one record.
    ///
    /// While the journal is failing, a `request` record is refused with the reason, since nothing may leave for HSS without one. Records of
    /// other phases are kept up to `pendingLimit`; past it they are refused and counted, and an event tells how many.
    package func append(_ record: Record) throws(JournalError) -> SequenceNumber {
        try core.append(record)
    }

    /// Writes everything appended to the file, in order. It is durable after the next sync, which happens within `syncInterval`.
    package func write() throws(JournalError) {
        try core.write()
    }

    /// Asks for a sync now, on behalf of `waiters` exchanges. True when every record before `end` is durable already; otherwise listeners are
    /// called with `durable` or `failed`. Throws when the journal is failing.
    package func requestSync(upTo end: SequenceNumber, for waiters: Int = 1) throws(JournalError) -> Bool {
        try core.requestSync(upTo: end, for: waiters)
    }

    /// Registers a listener, called on the writer's thread once per batch. It must be quick: the next sync waits for it.
    package func subscribe(_ listener: @escaping @Sendable (JournalProgress) -> Void) {
        core.listeners.withLock { $0.append(listener) }
    }

    /// The number behind the last durable record.
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

    /// Size and root of the tree over the durable records: what may be signed. It follows `durable` within the time of hashing one batch.
    package var treeHead: TreeHead { core.head.withLock { $0 } }

    /// Totals for metrics.
    package var counters: JournalCounters { core.intake.withLock { $0.counters } }

    /// Makes identifiers for records.
    package var identifiers: RecordIDGenerator { core.configuration.identifiers }

    /// Changes the name tag of the records to come that bring none of their own, after a reload.
    package func setGateway(_ gateway: Record.Gateway) {
        core.intake.withLock { $0.setGateway(gateway) }
    }

    /// Refuses further records, makes those taken durable if the disk lets it, stops the thread and gives the directory back. Idempotent.
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

/// What the threads that append and the one that writes share.
///
/// 1. Locks are taken in the order outlet, intake; listeners are called with neither.
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
    /// Durable records that somebody destroyed, in words, until an operator has taken note.
    let damage = Mutex<String?>(nil)
    let durable: Atomic<UInt64>
    let isHealthy = Atomic<Bool>(true)
    let doorbell: Doorbell

    /// Makes the core of a journal that goes on behind `tree`.
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

    /// Takes a record; wakes the writer only when it sleeps without a deadline.
    func append(_ record: Record) throws(JournalError) -> SequenceNumber {
        let (sequence, ring, isFull) = try intake.withLock { intake throws(JournalError) in
            (try intake.append(record), intake.wakeForRecord(), intake.refusalRoom == 0)
        }
        if isFull, takesRefusals.load(ordering: .relaxed) { takesRefusals.store(false, ordering: .relaxed) }
        if ring { doorbell.ring() }
        return sequence
    }

    /// Takes a record of the journal's own.
    @discardableResult
    func append(event: String, _ detail: FieldObject) -> SequenceNumber {
        let now = configuration.now()
        let record = Record(event: event, id: configuration.identifiers.next(at: now), time: now, detail: detail)
        let sequence = intake.withLock { $0.appendOwn(record) }
        configuration.observe?(JournalNotice(event: event, detail: detail))
        return sequence
    }

    /// Hands everything appended to the kernel.
    func write() throws(JournalError) {
        do throws(JournalError) {
            try outlet.withLock { outlet throws(JournalError) in try outlet.drain(self) }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Asks for a sync now, on behalf of so many who wait; true when the records before `end` are durable already.
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

    /// Notes that the journal cannot be written; the first reason stays. The writer's thread is woken to heal it.
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

    /// Notes that durable records are gone, which no healing brings back. The first sentence stays until an operator has taken note.
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

    /// Tells every listener.
    func report(_ progress: JournalProgress) {
        for listener in listeners.withLock({ $0 }) { listener(progress) }
    }
}
