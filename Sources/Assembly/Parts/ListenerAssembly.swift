import Gateway
import Logging
import NIOCore
import Policy
import Settings

/// Translates listeners and limits; sockets that systemd passed on replace those of the same address.
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

    /// The rules for the connections of each listener, in the order of `listeners`.
    static func terms(_ settings: GatewaySettings) throws(Failure) -> [ListenerTerms] {
        var all: [ListenerTerms] = []
        for listener in settings.listeners {
            let proxies = listener.trustedProxies.compactMap { Network($0.masked.description) }
            let notice = ListenerTerms.OnceNotice { [name = listener.name] in
                Logger(label: "hss-gateway").warning(
                    "forwarding fields are not believed: a proxy in front makes all of its clients one caller; name it in trusted_proxies",
                    metadata: ["listener": "\(name)"])
            }
            let tls: ListenerTLS?
            do throws(ListenerTLS.Fault) {
                tls = try listener.tls.map { tls throws(ListenerTLS.Fault) in try ListenerTLS(ListenerTLS.Files(tls)) }
            } catch {
                throw Failure(.badConfiguration, "The listener \(listener.name) can't serve TLS: \(error.path) \(error.sentence).")
            }
            let terms = ListenerTerms(
                isAnonymous: listener.allowsAnonymous, servedHosts: Set(listener.hosts.map { $0.lowercased() }), trustedProxies: proxies,
                forwardingNotice: proxies.isEmpty ? notice : nil, tls: tls)
            all.append(terms)
        }
        return all
    }

    static func limits(_ settings: LimitSettings, _ budget: DescriptorBudget) -> WireLimits {
        var limits = WireLimits()
        limits.requestBody = settings.requestBody.bytes
        limits.bodies = max(settings.bodies.bytes, settings.requestBody.bytes / 3 * 4)
        limits.headerBlock = settings.headerBlock.bytes
        limits.headerTimeout = TimeAmount(settings.headerTimeout)
        limits.idleTimeout = TimeAmount(settings.idleTimeout)
        limits.connections = budget.connections
        limits.turnedAway = budget.turnedAway
        limits.inFlight = min(settings.inFlight, budget.upstream)
        limits.sameKey = settings.sameKey
        limits.refusals = RefusalRate(count: settings.refusalsPerSource.count, period: settings.refusalsPerSource.period)
        limits.drain = TimeAmount(settings.drain)
        return limits
    }
}
