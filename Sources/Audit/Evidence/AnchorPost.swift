internal import Synchronization

/// Figures of one anchor, for metrics.
package struct AnchorFigures: Sendable, Hashable {
    /// The anchor's name.
    package let name: String
    /// Checkpoints copied.
    package var published: UInt64 = 0
    /// Attempts that failed.
    package var failures: UInt64 = 0
    /// The size that the newest copied checkpoint covers.
    package var size: UInt64 = 0
    /// Whether the last attempt failed.
    package var isFailing = false
}

/// Brings checkpoints to one anchor, on a thread of its own: a place that hangs holds up nobody else.
///
/// 1. One checkpoint waits, the newest: it covers what those before it did.
/// 2. A failed one is tried again, after a wait that doubles up to `retryLimit`, unless a newer one has come.
final class AnchorPost: Sendable {
    private static let retryDelay: Duration = .seconds(1)
    private static let retryLimit: Duration = .seconds(60)
    /// How long the end of the gateway waits for an anchor that is slow.
    private static let farewell: Duration = .seconds(2)

    private struct State: Sendable {
        var waiting: SignedCheckpoint?
        var isEnding = false
        var figures: AnchorFigures
    }

    private let anchor: any CheckpointAnchor
    private let spacing: Duration
    private let state: Mutex<State>
    private let bell: Doorbell
    private let ended: Doorbell
    /// Tells of the first failure of a row (with its reason) and of the first success after it.
    private let report: @Sendable (String, String?) -> Void

    init(
        _ anchor: any CheckpointAnchor, spacing: Duration, report: @escaping @Sendable (_ name: String, _ reason: String?) -> Void
    ) throws(JournalError) {
        self.anchor = anchor
        self.spacing = spacing
        self.report = report
        state = Mutex(State(figures: AnchorFigures(name: anchor.name)))
        bell = try Doorbell()
        ended = try Doorbell()
        guard BlockingThread({ [self] in run() }) != nil else { throw .noResources(code: 0) }
    }

    var figures: AnchorFigures { state.withLock { $0.figures } }

    /// Takes a checkpoint; never waits.
    func offer(_ checkpoint: SignedCheckpoint) {
        state.withLock { $0.waiting = checkpoint }
        bell.ring()
    }

    /// Lets the last checkpoint out, if the anchor is quick enough.
    func end() {
        state.withLock { $0.isEnding = true }
        bell.ring()
        ended.wait(Self.farewell)
    }

    private func run() {
        var delay = Self.retryDelay
        var isFailing = false
        while true {
            let (checkpoint, isEnding) = state.withLock { ($0.waiting, $0.isEnding) }
            guard let checkpoint else {
                if isEnding { break }
                bell.wait(nil)
                continue
            }
            do throws(AnchorFailure) {
                try anchor.publish(checkpoint)
                if isFailing { report(anchor.name, nil) }
                (isFailing, delay) = (false, Self.retryDelay)
                state.withLock { state in
                    if state.waiting == checkpoint { state.waiting = nil }
                    state.figures.published += 1
                    state.figures.size = checkpoint.head.size
                    state.figures.isFailing = false
                }
                pause(spacing)
            } catch {
                if !isFailing { report(anchor.name, error.reason) }
                isFailing = true
                state.withLock { state in
                    state.figures.failures += 1
                    state.figures.isFailing = true
                }
                if state.withLock({ $0.isEnding }) { break }
                pause(delay)
                delay = min(delay * 2, Self.retryLimit)
            }
        }
        ended.ring()
    }

    /// Waits the whole time, unless the gateway ends.
    private func pause(_ time: Duration) {
        let end = ContinuousClock.now + time
        while !state.withLock({ $0.isEnding }) {
            let left = ContinuousClock.now.duration(to: end)
            if left <= .zero { return }
            bell.wait(left)
        }
    }
}
