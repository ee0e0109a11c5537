import Policy

/// One worker's counts of what was shared, held back and answered again. Labels come from the catalogue and the configuration.
package struct FlowMeters: Sendable {
    /// Whose 429 it was.
    package struct ThrottleKey: Hashable, Sendable {
        package let operation: Int
        package let credential: String
    }

    /// How an answer came to be shared.
    package struct SharingKey: Hashable, Sendable {
        package let operation: Int
        /// `in_flight` or `recent`.
        package let how: String
    }

    package var waits: [Int: Histogram] = [:]
    package var throttles: [ThrottleKey: UInt64] = [:]
    package var shared: [SharingKey: UInt64] = [:]
    package var replays: UInt64 = 0
    /// The same of the last 24 hours.
    package var throttlesOfDay: [ThrottleKey: DailyCount] = [:]
    /// By operation.
    package var sharedOfDay: [Int: DailyCount] = [:]

    mutating func add(_ other: FlowMeters) {
        for (key, histogram) in other.waits { waits[key, default: Histogram()].add(histogram) }
        throttles.merge(other.throttles, uniquingKeysWith: +)
        shared.merge(other.shared, uniquingKeysWith: +)
        replays += other.replays
        throttlesOfDay.merge(other.throttlesOfDay) { $0.adding($1) }
        sharedOfDay.merge(other.sharedOfDay) { $0.adding($1) }
    }
}
