internal import Glibc

/// A point in time as the journal keeps it: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since the epoch.
    package let microseconds: Int64

    /// The last instant with a four-digit year, which is all RFC 3339 can write: 9999-12-31T23:59:59.999999Z.
    private static let latestMicroseconds: Int64 = 253_402_300_799_999_999

    /// Makes a timestamp; instants RFC 3339 cannot write are moved to the nearest it can (a clock that far off must not stop the audit).
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, 0), Self.latestMicroseconds)
    }

    /// The machine's wall clock.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The time that passed since an earlier timestamp, negative when the clock was set back in between.
    package func since(_ earlier: Timestamp) -> Duration {
        .microseconds(microseconds - earlier.microseconds)
    }
}
