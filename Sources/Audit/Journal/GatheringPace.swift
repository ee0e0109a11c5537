/// Whether the writer waits for more waiters before it syncs.
///
/// Exchanges under write-ahead come in waves: those served by one sync ask for the next at about the same time. If the writer synced for the first of
/// them alone, all others would wait for that sync and then for their own. So after a wave the writer waits until the same number has asked again,
/// which wakes it, but no longer than a bound. A single exchange, or a few, never wait.
struct GatheringPace: Sendable {
    /// The longest wait: the delay for all others if an exchange of the last wave doesn't ask again. The clock of `poll` ticks in this unit.
    static let longestPause = Duration.milliseconds(1)
    /// A sync that served fewer exchanges was no wave.
    static let smallestWave = 4

    /// How many exchanges are expected to ask.
    private(set) var expected = 0
    private var end: ContinuousClock.Instant?

    /// How long to wait further, given the number that has asked; nil if the sync is due.
    mutating func pause(waiters: Int, now: ContinuousClock.Instant = .now) -> Duration? {
        guard expected >= Self.smallestWave, waiters < expected else { return nil }
        let end = end ?? now + Self.longestPause
        self.end = end
        return now < end ? now.duration(to: end) : nil
    }

    /// A batch begins that serves this number of waiters.
    mutating func begin(waiters: Int) {
        expected = waiters
        end = nil
    }
}
