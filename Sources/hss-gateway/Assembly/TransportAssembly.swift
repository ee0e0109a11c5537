import Catalogue
import Gateway
import Settings
import Transport

/// Translates the upstream's settings, and finds each region's endpoint.
enum TransportAssembly {
    static func configuration(_ upstream: UpstreamSettings, environment: [String: String]) throws(Failure) -> TransportConfiguration {
        var configuration = TransportConfiguration()
        configuration.connectTimeout = upstream.connectTimeout
        configuration.firstByteTimeout = upstream.firstByteTimeout
        configuration.idleTimeout = upstream.idleTimeout
        configuration.totalTimeout = upstream.totalTimeout
        configuration.connections = upstream.connections
        configuration.http2 =
            switch upstream.http2 {
            case .auto: .automatic
            case .off: .off
            case .priorKnowledge: .priorKnowledge
            }
        configuration.certificateAuthorityFile = try upstream.authorityFile.map(authorities)
        configuration.pinnedPublicKey = upstream.pinnedPublicKey
        (configuration.proxy, configuration.noProxy) = try proxy(upstream, environment)
        return configuration
    }

    /// TLS would find out about it with the first call, and refuse every one.
    private static func authorities(_ path: String) throws(Failure) -> String {
        do throws(ListenerTLS.Fault) {
            try ListenerTLS.checkAuthorities(path)
            return path
        } catch {
            throw Failure(.badConfiguration, "upstream.ca_file: \(error.path) \(error.sentence).")
        }
    }

    /// What the file says, otherwise what most programs honour. libcurl itself is never left to look at the environment.
    private static func proxy(_ upstream: UpstreamSettings, _ environment: [String: String]) throws(Failure) -> (String?, String?) {
        let exceptions = upstream.noProxy ?? environment["NO_PROXY"] ?? environment["no_proxy"]
        switch upstream.proxy {
        case .url(let url): return (url.description, exceptions)
        case .environment(let name):
            guard let value = environment[name], !value.isEmpty else {
                throw Failure(.badConfiguration, "upstream.proxy names the environment variable \(name), which is not set.")
            }
            return (value, exceptions)
        case nil:
            return ((environment["HTTPS_PROXY"] ?? environment["https_proxy"]).flatMap { $0.isEmpty ? nil : $0 }, exceptions)
        }
    }

    /// HSS in a region: the configuration's endpoint, otherwise the built-in one.
    static func origin(of region: String, in settings: GatewaySettings) throws(Failure) -> Origin {
        let configured = settings.regions.first { $0.name == region }?.hss?.description
        guard let text = configured ?? Region(id: region)?.hss else {
            throw Failure(.badConfiguration, "Nothing says where HSS is in the region \(region): add regions.\(region).hss.")
        }
        do throws(Origin.Invalid) {
            return try Origin(url: text)
        } catch {
            throw Failure(.badConfiguration, "The HSS endpoint of the region \(region) is not a plain http(s)://host[:port].")
        }
    }
}
