import Dispatch

/// Lets one side of a test wait for the other, for half a minute at most.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    /// For threads.
    func wait() { _ = semaphore.wait(timeout: .now() + 30) }

    /// For tasks, which must not block their thread.
    func passed() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                wait()
                continuation.resume()
            }
        }
    }
}
