import Gateway
import ServiceLifecycle

/// The data port as a service: it serves from the moment its listeners are open, and ends with a drain.
struct DataService: Service {
    let dataPort: DataPort
    let listeners: DataPort.OpenListeners
    let events: GatewayEvents

    func run() async throws {
        try? await gracefulShutdown()
        SystemdNotification.stopping()
        await dataPort.drain(listeners)
        try events.record("stop", [])
    }
}
