import Policy

/// One worker's counts of shared answers, waits for a turn and repeated answers. Labels come from the catalogue and the configuration.
package struct FlowMeters: Sendable {
    /// The origin of a 429.
    package struct ThrottleKey: Hashable, Sendable {
        package let operation: Int
        package let credential: String
    }

    /// How an answer was shared with another request (coalescing).
    package struct CoalescedKey: Hashable, Sendable {
        package let operation: Int
        /// `in_flight` or `recent`.
        package let how: String
    }

    package var waits: [Int: Histogram] = [:]
    package var throttles: [ThrottleKey: UInt64] = [:]
    /// Turns that came and were given back, because their requests could not leave in time; by operation.
    package var outlived: [Int: UInt64] = [:]
    package var shared: [CoalescedKey: UInt64] = [:]
    package var replays: UInt64 = 0
    /// The same of the last 24 hours.
    package var throttlesOfDay: [ThrottleKey: DailyCount] = [:]
    /// By operation.
    package var sharedOfDay: [Int: DailyCount] = [:]

    mutating func add(_ other: FlowMeters) {
        for (key, histogram) in other.waits { waits[key, default: Histogram()].add(histogram) }
        throttles.merge(other.throttles, uniquingKeysWith: +)
        outlived.merge(other.outlived, uniquingKeysWith: +)
        shared.merge(other.shared, uniquingKeysWith: +)
        replays += other.replays
        throttlesOfDay.merge(other.throttlesOfDay) { $0.adding($1) }
        sharedOfDay.merge(other.sharedOfDay) { $0.adding($1) }
    }
}
