import Catalogue
import Crypto
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
        configuration.connectionLifetime = upstream.connectionLifetime
        configuration.connections = upstream.connections
        configuration.http2 =
            switch upstream.http2 {
            case .auto: .automatic
            case .off: .off
            case .priorKnowledge: .priorKnowledge
            }
        configuration.certificateAuthorityFile = upstream.authorityFile
        configuration.certificateAuthorities = try upstream.authorityFile.map(authorities)
        configuration.pinnedPublicKey = upstream.pinnedPublicKey
        (configuration.proxy, configuration.noProxy) = try proxy(upstream, environment)
        return configuration
    }

    /// The content of a file of certificate authorities. Otherwise TLS would find a fault in it only with the first call, and
    /// refuse every call.
    private static func authorities(_ path: String) throws(Failure) -> [UInt8] {
        do throws(ListenerTLS.Fault) {
            return try ListenerTLS.authorities(path)
        } catch {
            throw Failure(.badConfiguration, "upstream.ca_file: \(error.path) \(error.sentence).")
        }
    }

    /// SHA-256 of a file of certificate authorities, in hexadecimal digits.
    static func digest(ofAuthorities path: String) throws(Failure) -> String {
        SHA256.hash(data: try authorities(path)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The transport for HSS and the cloud's identity services.
    static func configuration(_ settings: GatewaySettings, environment: [String: String]) throws(Failure) -> TransportConfiguration {
        var configuration = try configuration(settings.upstream, environment: environment)
        let written = settings.regions.flatMap { [$0.hss, $0.iam, $0.sts] }.compactMap { $0?.host }
        let hosts = Set(written.map { $0.lowercased() }).union(IAMEndpoints.hosts(of: environment))
        configuration.addresses = addresses(private: hosts, isProxied: configuration.proxy != nil)
        return configuration
    }

    /// Endpoints that the operator configured may be private, as a dedicated cloud's are; those of the built-in table are public. With a proxy only
    /// the proxy's own address is checked, and it may be private too.
    static func addresses(private hosts: Set<String>, isProxied: Bool) -> AddressRule {
        .guarded(privateHosts: isProxied ? .all : .only(hosts))
    }

    /// The configuration's proxy, otherwise that of the usual environment variables. libcurl itself never reads the environment.
    static func proxy(_ upstream: UpstreamSettings, _ environment: [String: String]) throws(Failure) -> (String?, String?) {
        let exceptions = Self.exceptions(upstream, environment)?.text
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

    /// The exceptions from the environment (`NO_PROXY`).
    static func exceptions(_ upstream: UpstreamSettings, _ environment: [String: String]) -> ProxyExceptions? {
        (upstream.noProxy ?? environment["NO_PROXY"] ?? environment["no_proxy"]).map { ProxyExceptions($0) }
    }

    /// HSS in a region: the configured endpoint, otherwise the built-in one.
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
