import NIOCore
import Synchronization

/// When an event loop last showed that it runs; can be read from any thread.
final class Pulse: Sendable {
    private let last = Atomic<UInt64>(NIODeadline.now().uptimeNanoseconds)

    /// Called periodically by the loop itself.
    func beat() {
        last.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed)
    }

    func isSilent(for bound: TimeAmount) -> Bool {
        .uptimeNanoseconds(last.load(ordering: .relaxed)) + bound < NIODeadline.now()
    }
}
