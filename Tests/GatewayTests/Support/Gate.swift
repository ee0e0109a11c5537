import Foundation

/// Lets one thread wait for a test, for half a minute at most.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    /// For threads, never for tasks.
    func wait() { _ = semaphore.wait(timeout: .now() + 30) }

    /// For tasks.
    func passed() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                wait()
                continuation.resume()
            }
        }
    }
}
