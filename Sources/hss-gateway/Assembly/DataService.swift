import Gateway
import Logging
import ServiceLifecycle

/// The data port as a service: it serves from the moment its listeners are open, and ends with a drain.
struct DataService: Service {
    let dataPort: DataPort
    let listeners: DataPort.OpenListeners
    let events: GatewayEvents
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        SystemdNotification.stopping()
        await dataPort.drain(listeners)
        do throws(Failure) {
            try events.record("stop", [])
        } catch {
            logger.error("stop not recorded", metadata: ["reason": "\(error.message)"])
        }
    }
}
