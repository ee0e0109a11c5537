import Gateway
import Logging
import ServiceLifecycle

/// The data port as a service: it serves from the moment its listeners are open. Its end has two steps: first `/readyz` fails and everything is
/// still served for `limits.drain_delay`, so that load balancers notice; then it drains.
struct DataService: Service {
    let dataPort: DataPort
    let listeners: DataPort.OpenListeners
    /// How long new requests are still served after a stop was requested.
    let drainDelay: @Sendable () -> Duration
    let events: GatewayEvents
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        SystemdNotification.stopping()
        dataPort.announceEnd()
        let delay = drainDelay()
        if delay > .zero {
            logger.info("stopping; still serving", metadata: ["seconds": "\(delay.components.seconds)"])
            try? await Task.sleep(for: delay)
        }
        await dataPort.drain(listeners)
        do throws(Failure) {
            try events.record("stop", [])
        } catch {
            logger.error("stop not recorded", metadata: ["reason": "\(error.message)"])
        }
    }
}
