import Audit
internal import Synchronization

/// The state of the shipper's thread.
struct ShipperRun {
    private static let pollInterval = Duration.milliseconds(200)
    /// How often the last record's durability is checked while the gateway stops.
    private static let endInterval = Duration.milliseconds(10)
    /// The longest time between two writes of the position; a crash repeats at most what was shipped in it.
    private static let keepInterval = Duration.seconds(1)

    let shipper: Shipper
    let sink: any RecordSink
    private var backoff = Backoff()
    private var hasFailed = false
    /// The last reported failure, so that consecutive equal ones are reported once.
    private var reported = ""
    private var keptAt: Int64 = 0
    private var checkpoint: String?
    private var position: SequenceNumber

    init(shipper: Shipper, sink: any RecordSink) {
        self.shipper = shipper
        self.sink = sink
        position = shipper.state.withLock { $0.position }
    }

    mutating func run() {
        while !shipper.stopSignal.isOver {
            do throws(SinkFailure) {
                try follow()
                break
            } catch {
                guard !fail(error) else { break }
            }
        }
        sink.close()
        shipper.file.write(position)
    }

    /// Connects and ships until a stop is requested and nothing is left.
    private mutating func follow() throws(SinkFailure) {
        position = try sink.open(from: min(position, shipper.journal.durable()), in: shipper.journal)
        // Behind the address there may be another server now, or what it had may have been restored.
        checkpoint = nil
        shipper.state.withLock {
            $0.isConnected = true
            $0.position = position
            $0.confirmed = position
        }
        if !hasFailed { shipper.tell(.connected(from: position)) }
        var reader = JournalReader(directory: shipper.journal.directory, from: position)
        while !shipper.stopSignal.isOver {
            let isStopping = shipper.stopSignal.isStopping
            let batch = try Self.read(&reader, upTo: shipper.journal.durable(), sink.bounds)
            if batch.isEmpty {
                shipper.state.withLock { $0.oldestWaiting = nil }
                try shipCheckpoint()
                if !isStopping { try sink.idle() }
                recovered()
                keep(now: isStopping)
                if isStopping, Self.isAtEnd(of: shipper.journal, position) { return }
                shipper.stopSignal.pause(isStopping ? Self.endInterval : Self.pollInterval)
            } else {
                try ship(batch)
            }
        }
    }

    /// Whether every written record is durable; while the gateway stops, no more will come.
    private static func isAtEnd(of journal: JournalView, _ position: SequenceNumber) -> Bool {
        var reader = JournalReader(directory: journal.directory, from: position)
        return (try? reader.forEachRecord { _, _ in false }) ?? 0 == 0
    }

    private mutating func ship(_ batch: RecordBatch) throws(SinkFailure) {
        let oldest = batch.withFirst { RecordFields($0)?.time }
        shipper.state.withLock { $0.oldestWaiting = oldest }
        let refused = try sink.deliver(batch)
        // The number of refused records that a sink reports is limited to the size of the batch.
        let rejected = min(max(0, refused.count), batch.count)
        recovered()
        if let end = batch.end { position = end }
        backoff.reset()
        shipper.state.withLock {
            $0.position = position
            $0.confirmed = position
            // Bounded: `rejected` is at most the batch's count.
            $0.shipped += UInt64(batch.count - rejected)
            $0.rejected += UInt64(rejected)
        }
        if rejected > 0 { shipper.tell(.refused(refused)) }
        keep(now: false)
    }

    /// A failure is over when the sink has accepted a record again, or has all of them; a connection alone is not enough.
    private mutating func recovered() {
        guard hasFailed else { return }
        hasFailed = false
        shipper.state.withLock { $0.failing = nil }
        shipper.tell(.connected(from: position))
    }

    private mutating func shipCheckpoint() throws(SinkFailure) {
        guard let note = shipper.journal.newestCheckpoint(), note != checkpoint else { return }
        try sink.deliver(checkpoint: note)
        checkpoint = note
    }

    private mutating func keep(now: Bool) {
        let uptime = StopSignal.uptime()
        guard now || uptime - keptAt >= Self.keepInterval.wholeNanoseconds else { return }
        keptAt = uptime
        shipper.file.write(position)
    }

    /// Notes a failure and waits; true when the time is up.
    private mutating func fail(_ failure: SinkFailure) -> Bool {
        sink.close()
        let oldest = Self.time(of: position, in: shipper.journal)
        shipper.state.withLock {
            $0.isConnected = false
            $0.errors += 1
            $0.oldestWaiting = oldest
            $0.failing = ($0.failing?.since ?? .now, failure.reason)
        }
        if reported != failure.reason || !hasFailed { shipper.tell(.failed(failure)) }
        (hasFailed, reported) = (true, failure.reason)
        if shipper.stopSignal.isStopping { return true }
        shipper.stopSignal.sleep(backoff.next(atLeast: failure.retryAfter, random: .random(in: 0...1)))
        return shipper.stopSignal.isStopping
    }

    private static func read(
        _ reader: inout JournalReader, upTo end: SequenceNumber, _ bounds: RecordBatch.Bounds
    ) throws(SinkFailure) -> RecordBatch {
        var batch = RecordBatch(bounds)
        do throws(JournalError) {
            try reader.forEachRecord(before: end) { sequence, line in
                batch.add(sequence, line)
                return !batch.isFull
            }
        } catch {
            throw SinkFailure("the journal can't be read")
        }
        return batch
    }

    private static func time(of position: SequenceNumber, in journal: JournalView) -> Timestamp? {
        guard position < journal.durable(), let line = try? journal.line(of: position) else { return nil }
        return line.withUnsafeBytes { RecordFields($0)?.time }
    }
}
