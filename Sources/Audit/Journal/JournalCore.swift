internal import Synchronization

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
