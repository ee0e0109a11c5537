import Audit
import NIOCore
import Synchronization

/// One event loop's side of the journal: the waiters and the records that they wait for.
///
/// `handOver` runs at the end of each event loop turn (tick): it writes all records of the turn with one `write`, and asks for one sync for all
/// waiters. Asking at once would wake the writer thread for the first record of the turn, and the others would miss that sync. The writer thread
/// makes records durable, and calls each loop back once per batch.
final class DurabilityGate {
    private let journal: Journal
    private var writing = ServedList<any Waiter>()
    private var failing = ServedList<any Waiter>()
    private var syncing: CircularBuffer<(sequence: SequenceNumber, waiter: any Waiter)> = []
    /// The number of waiters at the end of `syncing` for which no sync has been asked yet.
    private var unasked = 0
    /// How many waiters `syncing` has, readable by the writer thread: it wakes this loop only if there are waiters.
    private let syncingCount = SharedCount()

    init(journal: Journal, loop: any EventLoop) {
        self.journal = journal
        let bound = NIOLoopBound(self, eventLoop: loop)
        journal.subscribe { [syncingCount] progress in
            guard syncingCount.value > 0 else { return }
            loop.execute { bound.value.advance(progress) }
        }
    }

    /// Calls the waiter back once the record has been written to the file, at the end of this turn.
    func whenWritten(_ waiter: any Waiter) {
        writing.append(waiter)
    }

    /// Calls the waiter back once the record is on stable storage, or at the end of this turn if it can't be.
    func whenDurable(_ sequence: SequenceNumber, _ waiter: any Waiter) {
        // Counted before the journal is asked, so that the end of a batch between the two is not missed.
        syncing.append((sequence, waiter))
        syncingCount.add(1)
        unasked += 1
    }

    /// The end of an event loop's turn: asks for a sync, and writes for those that only wait for `write`.
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

    /// Records are numbered in the order in which this loop appended them, so the waiters are sorted by number.
    private func release(before end: SequenceNumber, isKept: Bool) {
        while let first = syncing.first, first.sequence < end {
            syncing.removeFirst()
            syncingCount.add(-1)
            first.waiter.wake(.record(isKept: isKept))
        }
    }
}

/// A counter that two threads use.
final class SharedCount: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .acquiring) }
    func add(_ delta: Int) { count.add(delta, ordering: .acquiringAndReleasing) }
}

/// A connection, or a stream of one, with work for the end of an event loop turn.
protocol TickParticipant: AnyObject {
    /// The connection has ended.
    func didLeave()
    /// Flushes its output.
    func tickDidEnd()
    /// The answer is written, and the next request may begin.
    func resumeReading()
}

/// Work for the end of an event loop turn (tick), in this order: callers that left, records to the file, answers that waited for them, bytes to
/// callers (those of streams, then those of the connections that carry them), next requests.
///
/// This takes one closure per turn instead of one write per record and several per response: at 64 connections one `write(2)` to the journal
/// serves all requests that ended in the turn.
final class TickQueue {
    private let loop: any EventLoop
    private let gate: DurabilityGate
    private var leaving = ServedList<any TickParticipant>()
    private var flushing = ServedList<any TickParticipant>()
    private var sending = ServedList<StreamConnection>()
    private var resuming = ServedList<any TickParticipant>()
    /// Whether streams are being flushed; their connections follow.
    private var isFlushing = false
    private var isScheduled = false

    init(loop: any EventLoop, gate: DurabilityGate) {
        self.loop = loop
        self.gate = gate
    }

    /// A connection has ended. Its exchange is notified at the end of the turn and not when NIO reports it, because that may be during a write of
    /// the same exchange.
    func leave(_ connection: any TickParticipant) {
        leaving.append(connection)
        schedule()
    }

    func flush(_ connection: any TickParticipant) {
        flushing.append(connection)
        schedule()
    }

    func send(behindStreams connection: StreamConnection) {
        sending.append(connection)
        if !isFlushing { schedule() }
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
        isFlushing = true
        let flushed = flushing.take()
        for connection in flushed { connection.tickDidEnd() }
        flushing.recycle(flushed)
        isFlushing = false
        let sent = sending.take()
        for connection in sent { connection.send() }
        sending.recycle(sent)
        let resumed = resuming.take()
        for connection in resumed { connection.resumeReading() }
        resuming.recycle(resumed)
    }
}
