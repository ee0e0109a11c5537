import Gateway
import NIOCore
import Settings

/// Translates listeners and limits; sockets that systemd passed on take the place of the address they were bound for.
enum ListenerAssembly {
    static func listeners(_ settings: GatewaySettings, inherited: InheritedSockets) throws(Failure) -> [ListenerConfiguration] {
        var rest = inherited.sockets
        let listeners = settings.listeners.map { listener in
            let configured: ListenerConfiguration.Binding =
                switch listener.endpoint {
                case .tcp(let address): .tcp(host: address.host.description, port: address.port)
                case .unix(let path, let mode): .unix(path: path, mode: UInt32(mode.bits))
                }
            var binding = configured
            if let index = rest.firstIndex(where: { $0.name == listener.name }) {
                binding = .inherited(descriptor: rest.remove(at: index).descriptor)
            }
            return ListenerConfiguration(name: listener.name, binding: binding)
        }
        if let unclaimed = rest.first {
            throw Failure(
                .badConfiguration,
                "systemd passed on a socket named \(unclaimed.name), but no listener has this name: set FileDescriptorName= to a listener's name."
            )
        }
        return listeners
    }

    /// What holds for the connections of each listener, in the order of `listeners`.
    static func terms(_ settings: GatewaySettings) -> [ListenerTerms] {
        settings.listeners.map { ListenerTerms(isAnonymous: $0.allowsAnonymous, servedHosts: Set($0.hosts.map { $0.lowercased() })) }
    }

    static func limits(_ settings: LimitSettings) -> WireLimits {
        var limits = WireLimits()
        limits.requestBody = settings.requestBody.bytes
        limits.headerBlock = settings.headerBlock.bytes
        limits.headerTimeout = TimeAmount(settings.headerTimeout)
        limits.idleTimeout = TimeAmount(settings.idleTimeout)
        limits.connections = settings.connections
        limits.inFlight = settings.inFlight
        limits.drain = TimeAmount(settings.drain)
        return limits
    }
}
