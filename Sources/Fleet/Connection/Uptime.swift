import Glibc

/// The clock of waits and deadlines here: time since the machine's start, without jumps.
package enum Uptime {
    package static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}

extension Duration {
    /// Whole microseconds, rounded towards zero and clamped to the range of the type.
    package var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return overflowed ? (seconds < 0 ? .min : .max) : sum
    }

    /// For `poll`, rounded up, so that a wait doesn't spin through its last fraction.
    var pollMilliseconds: Int32 { Int32(clamping: max(0, (microseconds + 999) / 1_000)) }
}
