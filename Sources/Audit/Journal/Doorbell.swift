internal import Glibc

/// Wakes one sleeping thread: a pipe, because `poll` on it takes a timeout and a ring before the sleep is not lost. (An eventfd would be one
/// descriptor less, but Swift's Glibc module doesn't know it.)
package final class Doorbell: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// Makes a doorbell; fails if the process has no descriptor left.
    package init() throws(JournalError) {
        var ends: (Int32, Int32) = (-1, -1)
        let code = withUnsafeMutableBytes(of: &ends) { pipe($0.assumingMemoryBound(to: Int32.self).baseAddress) }
        guard code == 0 else { throw .noResources(code: errno) }
        (reading, writing) = ends
        for end in [reading, writing] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Wakes the thread, now or the next time it sleeps.
    package func ring() {
        var one: UInt8 = 1
        // It can only fail if the pipe is full, and then the thread wakes anyway.
        _ = Glibc.write(writing, &one, 1)
    }

    /// Sleeps until the bell rings or the time is over; without a time, until it rings.
    package func wait(_ timeout: Duration?) {
        var request = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, timeout.map(Self.milliseconds) ?? -1) > 0 else { return }
        var rings: UInt64 = 0
        // There are never more than eight rings at a time, because the journal rings only if the writer sleeps.
        _ = read(reading, &rings, 8)
    }

    /// Rounded up, so that the thread does not spin during the last fraction of a millisecond.
    private static func milliseconds(_ time: Duration) -> Int32 {
        let (seconds, attoseconds) = time.components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(seconds.multipliedReportingOverflow(by: 1_000).partialValue + fraction, 0))
    }
}
