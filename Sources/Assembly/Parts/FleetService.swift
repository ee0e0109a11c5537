import Audit
import Fleet
import Gateway
import Logging
import ServiceLifecycle

/// The membership as a service: it begins before anybody is served, and ends after the drain, so that the last exports' ends are told.
struct FleetService: Service {
    /// The first requests should not fail because the member is still joining; a start doesn't wait longer for a database that is away.
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.milliseconds(20)

    let shared: SharedState
    let logger: Logger

    /// Starts the member and gives it a moment to join.
    static func start(_ shared: SharedState?, _ logger: Logger) async throws(Failure) {
        guard let shared else { return }
        guard shared.member.start() else { throw Failure(.runtime, "The system has no threads left for the fleet.") }
        let end = ContinuousClock.now + patience
        while shared.member.standing.epoch == nil, ContinuousClock.now < end {
            if (try? await Task.sleep(for: pause)) == nil { return }
        }
    }

    func run() async throws {
        try? await gracefulShutdown()
        let member = shared.member
        // Stopping blocks, so it is done on a thread of its own.
        await withCheckedContinuation { continuation in
            let thread = BlockingThread {
                member.stop()
                continuation.resume()
            }
            if thread == nil { continuation.resume() }
        }
    }
}
