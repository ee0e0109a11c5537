import CLinux
import Glibc

/// Wakes threads that sleep in `poll`; a ring before the sleep is not lost. It goes on ringing until it is `quieted`.
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

    /// Takes one ring, or all of them where it is no semaphore.
    func quiet() {
        var rings: UInt64 = 0
        _ = read(descriptor, &rings, 8)
    }

    /// Sleeps until it rings, or as long as that; forever without a time.
    func wait(_ timeout: Duration?) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&request, 1, timeout.map(\.pollMilliseconds) ?? -1)
    }
}
