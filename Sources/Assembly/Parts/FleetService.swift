import Audit
import Fleet
import Gateway
import NIOCore
import ServiceLifecycle

/// The membership as a service: it starts before the first request, and ends after the drain, so that the ends of the last exports are reported.
struct FleetService: Service {
    /// How long the start waits for the member to join, so that the first requests don't fail; it does not wait longer for an unreachable database.
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.milliseconds(20)
    /// Longer than its last statement takes.
    private static let longestStop = TimeAmount.seconds(5)

    let shared: SharedState

    /// Starts the member and gives it a moment to join.
    static func start(_ shared: SharedState?) async throws(Failure) {
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
        await BoundedStop.wait(Self.longestStop) { done in
            // Stopping blocks, so it is done on a thread of its own.
            let thread = BlockingThread {
                member.stop()
                done()
            }
            if thread == nil { done() }
        }
    }
}
