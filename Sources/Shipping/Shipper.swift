package import Audit
internal import Synchronization

/// Copies the journal to one sink, from where it stopped, for as long as the gateway runs.
///
/// 1. It reads segments on its own thread: no request waits for it.
/// 2. A position is stored only after the sink has every record before it, so every record arrives at least once.
/// 3. Memory is bounded by one batch, whatever the sink's state.
package final class Shipper: Sendable {
    /// Reads back the sink's copy of the records after a tree, up to a size, and returns what is wrong with it; nil when it is complete.
    package typealias Comparison = @Sendable (MerkleTree, TreeHead, StopSignal) throws(SinkFailure) -> String?

    /// The event of a change of the sink's state.
    package enum Event: Sendable {
        case connected(from: SequenceNumber)
        case failed(SinkFailure)
        case refused(RefusedRecords)
    }

    package let name: String
    /// Whether segments that the sink doesn't have yet must be kept.
    package let isRequired: Bool
    let journal: JournalView
    private let comparison: Comparison?
    private let makeSink: @Sendable (StopSignal) -> any RecordSink
    let tell: @Sendable (Event) -> Void
    let file: PositionFile
    let stopSignal = StopSignal()
    let state: Mutex<State>

    struct State {
        var position: SequenceNumber
        /// The sink has confirmed since the start that it has all records below; the position file alone permits no removal.
        var confirmed = SequenceNumber(0)
        var shipped: UInt64 = 0
        var errors: UInt64 = 0
        var rejected: UInt64 = 0
        var oldestWaiting: Timestamp?
        var isConnected = false
        /// Since when it fails, and why.
        var failing: (since: ContinuousClock.Instant, reason: String)?
        /// Why its copy could not be confirmed when records were due to be removed.
        var objection: String?
        var thread: BlockingThread?
    }

    /// - Parameter comparison: of sinks that keep a copy that can be read back.
    package init(
        name: String, isRequired: Bool, journal: JournalView, comparison: Comparison? = nil, tell: @escaping @Sendable (Event) -> Void,
        makeSink: @escaping @Sendable (StopSignal) -> any RecordSink
    ) {
        self.name = name
        self.isRequired = isRequired
        self.journal = journal
        self.tell = tell
        self.comparison = comparison
        self.makeSink = makeSink
        file = PositionFile(journal: journal.directory, group: "shipping", name: name)
        state = Mutex(State(position: file.read() ?? SequenceNumber(0)))
    }

    /// Starts the thread; false when the system can't create it.
    package func start() -> Bool {
        let thread = BlockingThread { [self] in
            var run = ShipperRun(shipper: self, sink: makeSink(stopSignal))
            run.run()
        }
        state.withLock { $0.thread = thread }
        return thread != nil
    }

    /// Ships the remaining records, if that takes no longer than the grace, and ends. The rest is shipped after the
    /// next start.
    package func stop(within grace: Duration, then done: @escaping @Sendable () -> Void = {}) {
        guard let thread = state.withLock({ $0.thread.take() }) else { return done() }
        stopSignal.stop(within: grace)
        // Joining blocks, so it must not happen on a shared thread.
        let isWaiting = BlockingThread {
            thread.join()
            done()
        }
        if isWaiting == nil { done() }
    }

    package func figures(at now: Timestamp = .now()) -> ShippingFigures {
        state.withLock { state in
            ShippingFigures(
                sink: name, lag: state.oldestWaiting.map { max(.zero, now.since($0)) } ?? .zero, shipped: state.shipped, errors: state.errors,
                rejected: state.rejected, position: state.position, isConnected: state.isConnected, isRequired: isRequired,
                problem: state.problem
            )
        }
    }
}

extension Shipper: RetentionGuard {
    package var oldestNeeded: SequenceNumber { state.withLock { $0.confirmed } }

    package var isEnding: Bool { stopSignal.isStopping }

    package func objection(to beginning: MerkleTree, _ end: TreeHead) -> String? {
        guard let comparison else { return nil }
        let objection: String?
        do throws(SinkFailure) {
            objection = try comparison(beginning, end, stopSignal)
        } catch {
            objection = "it can't be compared: \(error.reason)"
        }
        state.withLock { $0.objection = objection }
        return objection
    }
}

extension Shipper.State {
    /// How long a sink may fail before it counts as stuck: a restart of the server is not worth a warning.
    private static let patience = Duration.seconds(30)

    /// The failure, once it has lasted long enough for a warning; a sentence without secrets.
    var problem: String? {
        if let objection { return "the copy lost records: \(objection)" }
        guard let failing, .now - failing.since >= Self.patience else { return nil }
        return failing.reason
    }
}
