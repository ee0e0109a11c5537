import Credentials
import Settings
import Transport

/// The endpoints of IAM and STS for each region, as sent on the wire.
struct IAMEndpoints {
    let regions: IAMRegions
    let environment: [String: String]

    /// The SDKs' variables, which `default_chain` uses.
    private static let iamVariable = "HUAWEICLOUD_SDK_IAM_ENDPOINT"
    private static let stsVariable = "HUAWEICLOUD_SDK_STS_ENDPOINT"

    init(settings: GatewaySettings, environment: [String: String]) {
        regions = IAMRegions(settings, SettingsLoader.gateway.vocabulary)
        self.environment = environment
    }

    /// The endpoints for a credential of a region; nil means that the region is unknown.
    func place(
        region: String?, honoursVariables: Bool = false, exchange: any IAMExchange, clock: ClockOffset
    ) throws(Failure) -> IAMContext {
        let known = regions.services(of: region)
        return IAMContext(
            iam: try Self.endpoint(try variable(Self.iamVariable, honoursVariables) ?? known.iam),
            sts: try Self.endpoint(try variable(Self.stsVariable, honoursVariables) ?? known.sts),
            region: region, exchange: exchange, clock: clock
        )
    }

    private static func endpoint(_ url: String?) throws(Failure) -> IAMEndpoint? {
        guard let url else { return nil }
        return try endpoint(url)
    }

    /// Hosts of endpoints that the environment names, in lower case.
    static func hosts(of environment: [String: String]) -> Set<String> {
        Set([iamVariable, stsVariable].compactMap { environment[$0].flatMap { try? EndpointURL(text: $0) }?.host.lowercased() })
    }

    /// A base URL as sent on the wire.
    static func endpoint(_ url: String) throws(Failure) -> IAMEndpoint {
        do throws(Origin.Invalid) {
            let origin = try Origin(url: url)
            let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
            return IAMEndpoint(url: "\(origin.scheme.rawValue)://\(host):\(origin.port)", host: origin.hostField)
        } catch {
            throw Failure(.badConfiguration, "An identity service's endpoint is not a plain http(s)://host[:port].")
        }
    }

    private func variable(_ name: String, _ isHonoured: Bool) throws(Failure) -> String? {
        guard isHonoured, let text = environment[name], !text.isEmpty else { return nil }
        guard let url = Self.url(text) else {
            throw Failure(.badConfiguration, "\(name) is not an https base URL; http is accepted for loopback addresses only.")
        }
        return url
    }

    /// An endpoint from a variable or a profile file.
    static func named(_ text: String) throws(Failure) -> IAMEndpoint? {
        try endpoint(url(text))
    }

    /// HSS in a region, for the check of a configuration.
    static func endpoint(of region: String, in settings: GatewaySettings) throws(Failure) -> IAMEndpoint {
        let origin = try TransportAssembly.origin(of: region, in: settings)
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        return IAMEndpoint(url: "\(origin.scheme.rawValue)://\(host):\(origin.port)", host: origin.hostField)
    }

    /// A base URL to which tokens may be sent.
    private static func url(_ text: String) -> String? {
        guard let url = try? EndpointURL(text: text), url.scheme == "https" || url.scheme == "http" && url.isLoopback,
            url.path.isEmpty || url.path == "/"
        else { return nil }
        return url.description
    }
}
