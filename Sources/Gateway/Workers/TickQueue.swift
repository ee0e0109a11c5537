import NIOCore

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
