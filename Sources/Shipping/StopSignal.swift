import Audit
internal import CLinux
import Glibc
internal import Synchronization

/// Signals a blocking thread to end, and by when. One thread waits, any thread may signal.
package final class StopSignal: Sendable {
    /// Uptime in nanoseconds at which all work ends; 0 while no stop was requested.
    private let deadline = Atomic<Int64>(0)
    private let event: Int32

    package init() {
        event = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
    }

    deinit { if event >= 0 { Glibc.close(event) } }

    /// Requests the end; work under way may continue for `grace`.
    package func stop(within grace: Duration) {
        deadline.store(Self.uptime() + grace.wholeNanoseconds, ordering: .releasing)
        var one: UInt64 = 1
        _ = Glibc.write(event, &one, 8)
    }

    /// Whether nothing new should be started.
    package var isStopping: Bool { deadline.load(ordering: .acquiring) != 0 }

    /// Whether the grace is over too.
    package var isOver: Bool {
        let deadline = deadline.load(ordering: .acquiring)
        return deadline != 0 && Self.uptime() >= deadline
    }

    /// Sleeps; ends early when a stop is requested.
    func sleep(_ duration: Duration) {
        guard !isStopping else { return }
        var poll = pollfd(fd: event, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, event >= 0 ? 1 : 0, Int32(clamping: duration.wholeNanoseconds / 1_000_000))
    }

    /// Sleeps, and after a stop was requested no longer than a slice of the grace.
    func pause(_ duration: Duration) {
        guard isStopping else { return sleep(duration) }
        _ = Glibc.poll(nil, 0, Int32(clamping: min(duration.wholeNanoseconds / 1_000_000, Self.slice)))
    }

    /// Waits until a descriptor is ready; false when `timeout` passed or the grace is over.
    func wait(for descriptor: Int32, _ events: Int32, timeout: Duration) -> Bool {
        let end = Self.uptime() + timeout.wholeNanoseconds
        while !isOver {
            let rest = end - Self.uptime()
            guard rest > 0 else { return false }
            var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            if Glibc.poll(&poll, 1, Int32(clamping: min(rest / 1_000_000 + 1, Self.slice))) > 0 { return true }
        }
        return false
    }

    /// How often a wait checks the stop signal, milliseconds.
    private static let slice: Int64 = 100

    static func uptime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
