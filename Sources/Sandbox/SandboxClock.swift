import Glibc
import Synchronization

/// The sandbox's clock: a given source plus an offset that the controls can set.
final class SandboxClock: Sendable {
    private let source: @Sendable () -> Duration
    private let offset = Mutex(Duration.zero)

    /// A clock based on a source.
    init(source: @escaping @Sendable () -> Duration) { self.source = source }

    /// The moment, as time since 1970-01-01T00:00:00Z.
    var now: Duration { source() + offset.withLock { $0 } }

    /// Sets the clock's offset from its source.
    func setOffset(_ offset: Duration) { self.offset.withLock { $0 = offset } }

    /// The system's real-time clock.
    static func systemTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
