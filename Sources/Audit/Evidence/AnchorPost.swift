internal import Synchronization

/// Copies checkpoints to one anchor, on a thread of its own, so that an anchor that blocks delays nothing else.
///
/// 1. At most one checkpoint waits, the newest: it covers every record that the earlier ones covered.
/// 2. A failed copy is tried again, after a wait that doubles up to `retryLimit`, unless a newer one has come.
final class AnchorPost: Sendable {
    private static let retryDelay: Duration = .seconds(1)
    private static let retryLimit: Duration = .seconds(60)
    /// How long a stopping gateway waits for a slow anchor.
    private static let farewell: Duration = .seconds(2)
    /// How long it waits after it has cancelled the copy.
    private static let abandonment: Duration = .seconds(1)

    private struct State: Sendable {
        var waiting: SignedCheckpoint?
        /// Since when the anchor is behind.
        var behindSince: ContinuousClock.Instant?
        /// When the first checkpoint arrived that the copy under way doesn't cover.
        var overtakenAt: ContinuousClock.Instant?
        var isEnding = false
        var hasEnded = false
        var figures: AnchorFigures
    }

    private let anchor: any CheckpointAnchor
    private let spacing: Duration
    private let state: Mutex<State>
    private let bell: Doorbell
    private let ended: Doorbell
    /// Reports the first of consecutive failures (with its reason), and the first success after them.
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

    var figures: AnchorFigures {
        state.withLock { state in
            var figures = state.figures
            figures.lag = state.behindSince.map { ContinuousClock.now - $0 } ?? .zero
            return figures
        }
    }

    /// Accepts a checkpoint for copying; never blocks.
    func offer(_ checkpoint: SignedCheckpoint) {
        let now = ContinuousClock.now
        state.withLock { state in
            state.behindSince = state.behindSince ?? now
            state.overtakenAt = state.overtakenAt ?? now
            state.waiting = checkpoint
        }
        bell.ring()
    }

    /// Gives every anchor one shared grace period in which to copy the last checkpoint.
    static func end(_ posts: [AnchorPost]) {
        for post in posts {
            post.state.withLock { $0.isEnding = true }
            post.bell.ring()
        }
        let slow = stillRunning(posts, until: .now + farewell)
        for post in slow { post.anchor.abandon() }
        _ = stillRunning(slow, until: .now + abandonment)
    }

    /// The anchors whose thread has not ended by the deadline.
    private static func stillRunning(_ posts: [AnchorPost], until end: ContinuousClock.Instant) -> [AnchorPost] {
        posts.filter { post in
            if !post.hasEnded { post.ended.wait(max(ContinuousClock.now.duration(to: end), .zero)) }
            return !post.hasEnded
        }
    }

    private var hasEnded: Bool { state.withLock { $0.hasEnded } }

    private func run() {
        var delay = Self.retryDelay
        var isFailing = false
        while true {
            let (checkpoint, isEnding) = state.withLock { state in
                state.overtakenAt = nil
                return (state.waiting, state.isEnding)
            }
            guard let checkpoint else {
                if isEnding { break }
                bell.wait(nil)
                continue
            }
            do throws(CheckpointAnchorFailure) {
                try anchor.publish(checkpoint)
                if isFailing { report(anchor.name, nil) }
                (isFailing, delay) = (false, Self.retryDelay)
                state.withLock { state in
                    if state.waiting == checkpoint { state.waiting = nil }
                    state.behindSince = state.overtakenAt
                    state.figures.published += 1
                    state.figures.size = checkpoint.head.size
                }
                pause(spacing)
            } catch {
                if !isFailing { report(anchor.name, error.reason) }
                isFailing = true
                let isEnding = state.withLock { state in
                    state.figures.failures += 1
                    return state.isEnding
                }
                if isEnding { break }
                pause(delay)
                delay = min(delay * 2, Self.retryLimit)
            }
        }
        state.withLock { $0.hasEnded = true }
        ended.ring()
    }

    /// Waits for the whole time, or until the gateway stops.
    private func pause(_ time: Duration) {
        let end = ContinuousClock.now + time
        while !state.withLock({ $0.isEnding }) {
            let left = ContinuousClock.now.duration(to: end)
            if left <= .zero { return }
            bell.wait(left)
        }
    }
}
