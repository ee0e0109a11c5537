import Logging
import NIOCore
import ServiceLifecycle
import Shipping

/// The shippers as a service: they start with the gateway, and end after the drain has written its last record.
struct ShippingService: Service {
    /// How long the end of the gateway waits for records that are not shipped yet. The rest is shipped after the
    /// next start.
    private static let grace = Duration.seconds(3)
    private static let longestStop = TimeAmount.seconds(5)

    let shippers: [Shipper]
    let logger: Logger

    func run() async throws {
        for shipper in shippers where !shipper.start() {
            logger.error("no thread for a sink", metadata: ["sink": "\(shipper.name)"])
        }
        try? await gracefulShutdown()
        await withTaskGroup(of: Void.self) { group in
            for shipper in shippers {
                group.addTask { await Self.stop(shipper) }
            }
        }
    }

    /// Joining a thread blocks, so it is done on one of its own.
    private static func stop(_ shipper: Shipper) async {
        await BoundedStop.wait(longestStop) { done in shipper.stop(within: grace, then: done) }
    }
}
