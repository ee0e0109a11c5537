import CLinux
import Glibc
import NIOCore
import Synchronization

/// Watches with a thread of its own that sleeps in poll(2): the fallback where Linux AIO is refused.
///
/// The thread passes each wake-up to the loop and does not poll again before the loop has acknowledged it, because the epoll set stays readable until
/// then.
final class ThreadBridge: ReadinessBridge {
    /// The thread or its eventfd could not be made.
    struct Refused: Error {}

    private let signal: ThreadSignal
    private let eventLoop: any EventLoop
    private let watched: CInt
    private var thread: pthread_t?
    private var isStopped = false
    private var wake: (() -> Void)?

    init(watching watched: CInt, eventLoop: any EventLoop) throws(Refused) {
        guard let signal = ThreadSignal() else { throw Refused() }
        self.signal = signal
        self.eventLoop = eventLoop
        self.watched = watched
    }

    deinit {
        precondition(isStopped || thread == nil, "a readiness bridge must be stopped before it is let go")
    }

    func start(_ wake: @escaping () -> Void) {
        self.wake = wake
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let watcher = Watcher(watched: watched, signal: signal, eventLoop: eventLoop) { bound.value.wakeArrived() }
        let argument = Unmanaged.passRetained(watcher)
        var started = pthread_t()
        let result = pthread_create(
            &started, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Watcher>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        // Without a thread no transfer could ever end; a process that cannot create one at its start cannot work.
        precondition(result == 0, "the system refused a thread")
        thread = started
    }

    func stop() {
        guard !isStopped else { return }
        isStopped = true
        wake = nil
        guard let thread else { return }
        signal.stop()
        // The thread only ever waits for this signal or the epoll set, so it ends at once.
        pthread_join(thread, nil)
        self.thread = nil
    }

    private func wakeArrived() {
        guard !isStopped else { return }
        wake?()
        signal.acknowledge()
    }
}

/// Signals from the loop to the thread: an eventfd that is written for an acknowledgement and for the end.
private final class ThreadSignal: Sendable {
    let descriptor: CInt
    private let isStopping = Atomic<Bool>(false)

    init?() {
        descriptor = clinux_eventfd()
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    func acknowledge() {
        var one: UInt64 = 1
        // Cannot fail: the counter is far from its maximum and the descriptor is open as long as this object.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        acknowledge()
    }

    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}

/// The thread's own side.
private final class Watcher: Sendable {
    private let watched: CInt
    private let signal: ThreadSignal
    private let eventLoop: any EventLoop
    private let wake: @Sendable () -> Void

    init(watched: CInt, signal: ThreadSignal, eventLoop: any EventLoop, wake: @escaping @Sendable () -> Void) {
        self.watched = watched
        self.signal = signal
        self.eventLoop = eventLoop
        self.wake = wake
    }

    func run() {
        while !signal.mustStop {
            var descriptors = [
                pollfd(fd: watched, events: Int16(POLLIN), revents: 0), pollfd(fd: signal.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&descriptors, 2, -1)
            if signal.mustStop { return }
            guard descriptors[0].revents != 0 else { continue }
            eventLoop.execute(wake)
            awaitAcknowledgement()
        }
    }

    private func awaitAcknowledgement() {
        var descriptor = pollfd(fd: signal.descriptor, events: Int16(POLLIN), revents: 0)
        // -1 is an interruption by a signal.
        while poll(&descriptor, 1, -1) < 0 {}
        signal.clear()
    }
}
