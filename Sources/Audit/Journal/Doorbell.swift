internal import Glibc

/// Wakes one sleeping thread: a pipe, because `poll` on it takes a timeout and a ring before the sleep is not lost. (An eventfd would be one
/// descriptor less, but Swift's Glibc module doesn't know it.)
package final class Doorbell: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// Makes a doorbell; fails when the process has no descriptor left.
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

    /// Wakes the sleeper, now or when it next sleeps.
    package func ring() {
        var one: UInt8 = 1
        // It can only fail when the pipe is full, and then the sleeper wakes anyway.
        _ = Glibc.write(writing, &one, 1)
    }

    /// Sleeps until the bell rings or the time is over; without a time, until it rings.
    package func wait(_ timeout: Duration?) {
        var request = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, timeout.map(Self.milliseconds) ?? -1) > 0 else { return }
        var rings: UInt64 = 0
        // Eight rings at a time are more than can gather: the journal rings only when the writer sleeps.
        _ = read(reading, &rings, 8)
    }

    /// Rounded up, so that a sleeper does not spin through the last fraction of a millisecond.
    private static func milliseconds(_ time: Duration) -> Int32 {
        let (seconds, attoseconds) = time.components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(seconds.multipliedReportingOverflow(by: 1_000).partialValue + fraction, 0))
    }
}
