import Audit

/// Counts durations in the buckets that the OpenTelemetry conventions recommend for HTTP, in seconds, with two more for exports.
package struct Histogram: Sendable {
    package static let bounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60]
    private static let nanoseconds: [Int64] = bounds.map { Int64($0 * 1_000_000_000) }

    /// One count per bucket, not cumulative, and one for longer durations.
    package private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    package private(set) var total: UInt64 = 0
    package private(set) var sumNanoseconds: Int64 = 0

    package init() {}

    package mutating func record(_ duration: Duration) {
        let value = duration.wholeNanoseconds
        var slot = 0
        while slot < Histogram.nanoseconds.count, value > Histogram.nanoseconds[slot] { slot += 1 }
        counts[slot] += 1
        total += 1
        sumNanoseconds += value
    }

    package mutating func add(_ other: Histogram) {
        for slot in counts.indices { counts[slot] += other.counts[slot] }
        total += other.total
        sumNanoseconds += other.sumNanoseconds
    }
}
