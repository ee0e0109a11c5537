import NIOCore
import NIOPosix
import Synchronization
import Transport

/// All workers, one per event loop, and how other threads reach them.
final class WorkerPool: Sendable {
    let workers: [NIOLoopBound<Worker>]
    private let byLoop: [ObjectIdentifier: NIOLoopBound<Worker>]
    private let flow: FlowControl
    private let pulses: [Pulse]
    private let refusals: RefusalLedger
    /// Reports to a fleet what callers with limits have sent and have under way.
    private let rateRounds: RepeatedTask?
    private let draining = Atomic<Bool>(false)
    private let isStopping = Mutex(false)

    init(
        group: MultiThreadedEventLoopGroup, services: Services, snapshot: Snapshot, circuits: EndpointCircuits
    ) async throws(TransportError) {
        let flow = FlowControl(rules: snapshot.flow, shared: services.fleet?.queues, loop: group.next())
        if let fleet = services.fleet {
            let rates = SharedRates(member: fleet.member, allowances: services.allowances)
            let slots = SharedSlots(member: fleet.member, allowances: services.allowances)
            rateRounds = group.next().scheduleRepeatedTask(initialDelay: SharedRates.pace, delay: SharedRates.pace) { _ in
                rates.round()
                slots.round()
            }
        } else {
            rateRounds = nil
        }
        self.flow = flow
        self.refusals = services.refusals
        let (shared, calls) = (SharedReads(), IdempotentCalls())
        var workers: [NIOLoopBound<Worker>] = []
        var byLoop: [ObjectIdentifier: NIOLoopBound<Worker>] = [:]
        var pulses: [Pulse] = []
        for loop in group.makeIterator() {
            let made = try? await loop.submit {
                Result { () throws(TransportError) in
                    NIOLoopBound(
                        try Worker(
                            loop: loop, services: services, snapshot: snapshot, flow: flow, shared: shared, calls: calls, circuits: circuits),
                        eventLoop: loop)
                }
            }.get()
            guard let worker = try made?.get(), (try? await loop.flatSubmit({ worker.value.turns.open(on: loop) }).get()) != nil else {
                throw .shutDown
            }
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
                await ask(worker) { worker.value.discard(preparation.value) }
            }
            throw error
        }
        for (worker, preparation) in zip(workers, prepared) {
            await ask(worker) { worker.value.adopt(snapshot, preparation.value) }
        }
    }

    private func prepare(_ snapshot: Snapshot, on worker: NIOLoopBound<Worker>) async throws(TransportError) -> NIOLoopBound<Worker.Preparation> {
        let made = await ask(worker) {
            Result { () throws(TransportError) in NIOLoopBound(try worker.value.prepare(snapshot), eventLoop: worker.eventLoop) }
        }
        guard let preparation = try made?.get() else { throw .shutDown }
        return preparation
    }

    func endUntrustedConnections() async {
        for worker in workers { await ask(worker) { worker.value.endUntrustedConnections() } }
    }

    func reading() async -> Meters.Reading {
        var sum = Meters.Reading()
        for worker in workers {
            if let reading = await ask(worker, { worker.value.reading }) { sum.add(reading) }
        }
        sum.waiting = flow.reading
        return sum
    }

    /// Returns when the last connection has ended or after `limits.drain`, when the remaining ones were cut.
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

    func settle() async { await AcceptQueue.settle(workers.map(\.eventLoop)) }

    /// Number of event loops that haven't run for this long; 0 after they were told to stop.
    func silentLoops(for bound: TimeAmount) -> Int {
        isStopping.withLock { $0 } ? 0 : pulses.count { $0.isSilent(for: bound) }
    }

    /// Runs a closure on a worker's loop; nil once the workers were told to stop, since a loop that has ended never answers. A reload or a scrape
    /// of the metrics may come at any moment of the end.
    @discardableResult
    private func ask<Answer: Sendable>(_ worker: NIOLoopBound<Worker>, _ body: @escaping @Sendable () -> Answer) async -> Answer? {
        // Under the lock, so that the closure is queued on the loop before the stop.
        let answer = isStopping.withLock { isStopping in isStopping ? nil : worker.eventLoop.submit(body) }
        return try? await answer?.get()
    }

    func stop() async {
        rateRounds?.cancel()
        isStopping.withLock { $0 = true }
        for worker in workers {
            try? await worker.eventLoop.flatSubmit { worker.value.stop() }.get()
        }
        // No worker serves requests any more.
        refusals.flush()
    }
}
