import NIOCore
import NIOPosix
import Synchronization

/// Waits for a part whose threads end when they are told to, but not for ever: one may be in a library that looks up a name, or computes what a
/// server asked for, and hears nothing. The process ends without it.
enum BoundedStop {
    /// - Parameter stop: begins the end, and calls back when it has come.
    static func wait(_ limit: TimeAmount, _ stop: (_ done: @escaping @Sendable () -> Void) -> Void) async {
        await withCheckedContinuation { continuation in
            let gate = Gate(continuation)
            MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: limit) { gate.open() }
            stop { gate.open() }
        }
    }

    /// Opens once.
    private final class Gate: Sendable {
        private let waiting: Mutex<CheckedContinuation<Void, Never>?>

        init(_ waiting: CheckedContinuation<Void, Never>) { self.waiting = Mutex(waiting) }

        func open() {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume()
        }
    }
}
