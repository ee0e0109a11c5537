internal import Glibc
internal import Synchronization

/// A thread for blocking work: `fdatasync`, which may be slow, or a slow sink. On a shared pool it would block other work. Its stack is given back
/// when it has ended, whether anybody waits for that or not.
package struct BlockingThread: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// The system keeps an ended thread's stack until somebody has joined it or said that nobody will.
    private final class Handle: Sendable {
        private let thread: pthread_t
        private let isJoined = Atomic<Bool>(false)

        init(_ thread: pthread_t) {
            self.thread = thread
        }

        deinit {
            if !isJoined.load(ordering: .acquiring) { pthread_detach(thread) }
        }

        func join() {
            guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
            pthread_join(thread, nil)
        }
    }

    private let handle: Handle

    /// Starts the thread; nil if the system can't create one.
    package init?(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, { Self.enter($0) }, body.toOpaque())
        guard code == 0 else {
            body.release()
            return nil
        }
        handle = Handle(thread)
    }

    /// Waits until the thread has ended; only the first call does.
    package func join() {
        handle.join()
    }

    private static func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        // Blocks all signals, so that the threads that handle them receive them.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
}
