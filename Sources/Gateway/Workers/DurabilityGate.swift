import Audit
import NIOCore
import Synchronization

/// One event loop's side of the journal: who waits for which record.
///
/// `handOver` runs at the end of each tick: it gives all records of the tick to the kernel in one write, and asks for one sync for all
/// that wait for one. Asking at once would wake the writer thread for the tick's first record, and the others would miss the sync.
/// Durability is the writer thread's work; it tells each loop once per batch.
final class DurabilityGate {
    private let journal: Journal
    private let loop: any EventLoop
    private var writing = ServedList<any Waiter>()
    private var failing = ServedList<any Waiter>()
    private var syncing: CircularBuffer<(sequence: SequenceNumber, waiter: any Waiter)> = []
    /// How many at the end of `syncing` no sync was asked for yet.
    private var unasked = 0
    /// How many waiters `syncing` has, readable by the writer thread: it wakes this loop only when somebody waits.
    private let syncingCount = SharedCount()

    init(journal: Journal, loop: any EventLoop) {
        self.journal = journal
        self.loop = loop
        let bound = NIOLoopBound(self, eventLoop: loop)
        journal.subscribe { [syncingCount] progress in
            guard syncingCount.value > 0 else { return }
            loop.execute { bound.value.advance(progress) }
        }
    }

    /// The waiter goes on once the record is in the kernel's hands, at the end of this tick.
    func whenWritten(_ waiter: any Waiter) {
        writing.append(waiter)
    }

    /// The waiter goes on once the record is on stable storage, or is told at the end of this tick that it won't be.
    func whenDurable(_ sequence: SequenceNumber, _ waiter: any Waiter) {
        // Counted before the journal is asked, so that no batch can end unheard between the two.
        syncing.append((sequence, waiter))
        syncingCount.add(1)
        unasked += 1
    }

    func handOver() {
        askForSync()
        for waiter in failing.take() { waiter.wake(.record(isKept: false)) }
        guard !writing.isEmpty else { return }
        let isWritten = (try? journal.write()) != nil
        let written = writing.take()
        for waiter in written { waiter.wake(.record(isKept: isWritten)) }
        writing.recycle(written)
    }

    private func askForSync() {
        // A batch that ended meanwhile may have served some of them already.
        let count = min(unasked, syncing.count)
        unasked = 0
        guard count > 0, let last = syncing.last else { return }
        do {
            if try journal.requestSync(upTo: last.sequence.advanced(by: 1), for: count) { advance(.durable(upTo: journal.durable)) }
        } catch {
            failing.append(contentsOf: syncing.suffix(count).map(\.waiter))
            syncing.removeLast(count)
            syncingCount.add(-count)
        }
    }

    private func advance(_ progress: JournalProgress) {
        switch progress {
        case .durable(let end):
            release(before: end, isKept: true)
        case .failed(let end, _):
            release(before: end, isKept: false)
        }
    }

    /// Records are numbered in the order in which this loop appended them, so whoever waits for a smaller number stands in front.
    private func release(before end: SequenceNumber, isKept: Bool) {
        while let first = syncing.first, first.sequence < end {
            syncing.removeFirst()
            syncingCount.add(-1)
            first.waiter.wake(.record(isKept: isKept))
        }
    }
}

/// A counter that two threads see.
final class SharedCount: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .acquiring) }
    func add(_ delta: Int) { count.add(delta, ordering: .acquiringAndReleasing) }
}

/// Somebody with work for the end of a tick: a connection, or a stream of one.
protocol TickParticipant: AnyObject {
    /// It has ended.
    func didLeave()
    /// What it gathered may go out.
    func tickDidEnd()
    /// Its answer is out, and the next request may begin.
    func resumeReading()
}

/// Work for the end of an event loop's tick, in this order: callers that left, records to the kernel, answers they held back, bytes to callers,
/// next requests.
///
/// Gathering it costs one closure per tick instead of one write per record and several per response: at 64 connections one
/// `write(2)` to the journal serves all requests that ended in the tick.
final class TickQueue {
    private let loop: any EventLoop
    private let gate: DurabilityGate
    private var leaving = ServedList<any TickParticipant>()
    private var flushing = ServedList<any TickParticipant>()
    private var resuming = ServedList<any TickParticipant>()
    private var isScheduled = false

    init(loop: any EventLoop, gate: DurabilityGate) {
        self.loop = loop
        self.gate = gate
    }

    /// A connection has ended. What that means for its exchange is settled here and not where NIO noticed, which may be in the
    /// middle of a write that this very exchange is making.
    func leave(_ connection: any TickParticipant) {
        leaving.append(connection)
        schedule()
    }

    func flush(_ connection: any TickParticipant) {
        flushing.append(connection)
        schedule()
    }

    func resume(_ connection: any TickParticipant) {
        resuming.append(connection)
        schedule()
    }

    func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        // Confined to this loop, like everything here: `execute` on its isolated view takes a closure that isn't Sendable.
        loop.assumeIsolated().execute { self.run() }
    }

    private func run() {
        isScheduled = false
        let left = leaving.take()
        for connection in left { connection.didLeave() }
        leaving.recycle(left)
        gate.handOver()
        let flushed = flushing.take()
        for connection in flushed { connection.tickDidEnd() }
        flushing.recycle(flushed)
        let resumed = resuming.take()
        for connection in resumed { connection.resumeReading() }
        resuming.recycle(resumed)
    }
}
