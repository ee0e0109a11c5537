import NIOCore
import NIOPosix
import Synchronization
import Transport

/// All workers, one per event loop, and the ways to reach them from elsewhere.
final class WorkerPool: Sendable {
    let workers: [NIOLoopBound<Worker>]
    private let byLoop: [ObjectIdentifier: NIOLoopBound<Worker>]
    private let flow: FlowControl
    private let pulses: [Pulse]
    private let draining = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)

    init(group: MultiThreadedEventLoopGroup, services: Services, snapshot: Snapshot) async throws(TransportError) {
        let flow = FlowControl(rules: snapshot.flow)
        self.flow = flow
        let (shared, calls) = (SharedReads(), IdempotentCalls())
        var workers: [NIOLoopBound<Worker>] = []
        var byLoop: [ObjectIdentifier: NIOLoopBound<Worker>] = [:]
        var pulses: [Pulse] = []
        for loop in group.makeIterator() {
            let made = try? await loop.submit {
                Result { () throws(TransportError) in
                    NIOLoopBound(
                        try Worker(loop: loop, services: services, snapshot: snapshot, flow: flow, shared: shared, calls: calls), eventLoop: loop)
                }
            }.get()
            guard let worker = try made?.get() else { throw .shutDown }
            workers.append(worker)
            pulses.append((try? await loop.submit { worker.value.pulse }.get()) ?? Pulse())
            byLoop[ObjectIdentifier(loop)] = worker
        }
        self.workers = workers
        self.byLoop = byLoop
        self.pulses = pulses
    }

    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// The worker of the loop that this is called on.
    func worker(on loop: any EventLoop) -> Worker {
        guard let worker = byLoop[ObjectIdentifier(loop)] else { preconditionFailure("connections live on the workers' loops") }
        return worker.value
    }

    /// Puts a configuration in force on every worker, or on none.
    func replace(_ snapshot: Snapshot) async throws(TransportError) {
        var prepared: [NIOLoopBound<Worker.Preparation>] = []
        do throws(TransportError) {
            for worker in workers { prepared.append(try await prepare(snapshot, on: worker)) }
        } catch {
            for (worker, preparation) in zip(workers, prepared) {
                try? await worker.eventLoop.submit { worker.value.discard(preparation.value) }.get()
            }
            throw error
        }
        for (worker, preparation) in zip(workers, prepared) {
            try? await worker.eventLoop.submit { worker.value.adopt(snapshot, preparation.value) }.get()
        }
    }

    private func prepare(_ snapshot: Snapshot, on worker: NIOLoopBound<Worker>) async throws(TransportError) -> NIOLoopBound<Worker.Preparation> {
        let made = try? await worker.eventLoop.submit {
            Result { () throws(TransportError) in NIOLoopBound(try worker.value.prepare(snapshot), eventLoop: worker.eventLoop) }
        }.get()
        guard let preparation = try made?.get() else { throw .shutDown }
        return preparation
    }

    func reading() async -> Meters.Reading {
        var sum = Meters.Reading()
        for worker in workers {
            if let reading = try? await worker.eventLoop.submit({ worker.value.reading }).get() { sum.add(reading) }
        }
        sum.waiting = flow.reading
        return sum
    }

    /// Returns when the last connection has ended or `limits.drain` has passed and what was left has been cut.
    func drain() async {
        draining.store(true, ordering: .relaxed)
        let ends = workers.map { worker in
            worker.eventLoop.flatSubmit {
                let end = worker.value.beginDraining()
                let timer = worker.eventLoop.scheduleTask(in: worker.value.limits.drain) { worker.value.cutConnections() }
                end.whenComplete { _ in timer.cancel() }
                return end
            }
        }
        for end in ends { try? await end.get() }
    }

    /// Returns when each loop has done what it had to do, and what that gave the others to do. A new connection goes to and fro between its
    /// listener's loop and its own three times.
    func settle() async {
        for _ in 0..<3 {
            for worker in workers { try? await worker.eventLoop.submit {}.get() }
        }
    }

    /// Event loops that have shown no sign of life for so long; none once they were told to stop.
    func silentLoops(for bound: TimeAmount) -> Int {
        stopped.load(ordering: .relaxed) ? 0 : pulses.count { $0.isSilent(for: bound) }
    }

    func stop() async {
        stopped.store(true, ordering: .relaxed)
        for worker in workers {
            try? await worker.eventLoop.flatSubmit { worker.value.stop() }.get()
        }
    }
}
