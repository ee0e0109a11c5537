import NIOCore

/// Work for the end of an event loop's tick, in this order: callers that left, records to the kernel, answers they held back, bytes to callers,
/// next requests.
///
/// Gathering it costs one closure per tick instead of one write per record and several per response: at 64 connections one
/// `write(2)` to the journal serves all requests that ended in the tick.
final class TickQueue {
    private let loop: any EventLoop
    private let gate: DurabilityGate
    private var leaving: [ConnectionHandler] = []
    private var flushing: [ConnectionHandler] = []
    private var resuming: [ConnectionHandler] = []
    private var isScheduled = false

    init(loop: any EventLoop, gate: DurabilityGate) {
        self.loop = loop
        self.gate = gate
    }

    /// A connection has ended. What that means for its exchange is settled here and not where NIO noticed, which may be in the
    /// middle of a write that this very exchange is making.
    func leave(_ connection: ConnectionHandler) {
        leaving.append(connection)
        schedule()
    }

    func flush(_ connection: ConnectionHandler) {
        flushing.append(connection)
        schedule()
    }

    func resume(_ connection: ConnectionHandler) {
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
        drain(&leaving) { $0.didLeave() }
        gate.handOver()
        drain(&flushing) { $0.tickDidEnd() }
        drain(&resuming) { $0.resumeReading() }
    }

    /// Empties a list that may grow again while its elements are served; what is added then belongs to the next tick, except
    /// that the array's memory is kept.
    private func drain(_ list: inout [ConnectionHandler], _ serve: (ConnectionHandler) -> Void) {
        var current: [ConnectionHandler] = []
        swap(&current, &list)
        for connection in current { serve(connection) }
        if list.isEmpty {
            current.removeAll(keepingCapacity: true)
            swap(&current, &list)
        }
    }
}
