import CLinux
import Glibc

/// Wakes threads that sleep in `poll`; a ring before the sleep is not lost. It stays signalled until `quiet` is
/// called.
final class WakeBell: Sendable {
    let descriptor: Int32

    /// - Parameter semaphore: whether each ring wakes one sleeper.
    init(isSemaphore: Bool = false) {
        descriptor = isSemaphore ? clinux_eventfd_semaphore() : clinux_eventfd()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func ring() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Consumes one ring, or all of them if it is no semaphore.
    func quiet() {
        var rings: UInt64 = 0
        _ = read(descriptor, &rings, 8)
    }

    /// Sleeps until it rings, or for that long; without a limit if no time is given.
    func wait(_ timeout: Duration?) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&request, 1, timeout.map(\.pollMilliseconds) ?? -1)
    }
}
