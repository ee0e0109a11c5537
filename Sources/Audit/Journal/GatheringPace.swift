/// Whether the writer waits for more waiters before it syncs.
///
/// Exchanges under write-ahead come in waves: those that one sync served ask for the next at about the same time. Syncing for the first of
/// them alone makes all others wait for that sync and then for their own. So after a wave the writer waits until as many have asked again,
/// who then wake it, and no longer than a bound. One who comes alone, or nearly, never waits.
struct GatheringPace: Sendable {
    /// The longest wait: what all others lose when somebody of the last wave doesn't come back. The clock of `poll` ticks in this unit.
    static let longestPause = Duration.milliseconds(1)
    /// A sync that served fewer was no wave.
    static let smallestWave = 4

    /// How many are expected to ask.
    private(set) var expected = 0
    private var end: ContinuousClock.Instant?

    /// How long to wait on, given that so many have asked; nil when the sync is due.
    mutating func pause(waiters: Int, now: ContinuousClock.Instant = .now) -> Duration? {
        guard expected >= Self.smallestWave, waiters < expected else { return nil }
        let end = end ?? now + Self.longestPause
        self.end = end
        return now < end ? now.duration(to: end) : nil
    }

    /// A batch begins that serves so many.
    mutating func begin(waiters: Int) {
        expected = waiters
        end = nil
    }
}
