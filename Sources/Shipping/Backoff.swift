/// The wait before the next attempt: doubling from the first to the longest, with jitter, so that the members of a fleet don't all retry
/// at the same moment.
struct Backoff: Sendable {
    static let first = Duration.milliseconds(200)
    static let longest = Duration.seconds(30)

    private var failures = 0

    mutating func reset() { failures = 0 }

    /// The next wait, at least as long as the sink requires.
    mutating func next(atLeast asked: Duration?, random: Double) -> Duration {
        // Bounded: a constant times at most 4,096.
        let doubled = min(Self.first * (1 << min(failures, 12)), Self.longest)
        failures += 1
        // Between half and all of it.
        let jittered = doubled * (0.5 + random / 2)
        return min(max(jittered, asked ?? .zero), Self.longestAsked)
    }

    /// The longest wait that a server can require.
    private static let longestAsked = Duration.seconds(300)
}
