import Glibc

/// A clock that never goes back, for waits and lifetimes; tests replace it.
package enum MonotonicClock {
    /// Time since the machine started.
    package static func uptime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Time since 1970-01-01T00:00:00Z, by this machine's wall clock.
    package static func wall() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
