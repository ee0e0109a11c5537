import Catalogue
import Credentials
import Settings
import Transport

/// Where IAM and STS are for each region: the configuration's endpoints, otherwise the built-in table.
struct IdentityEndpoints {
    let settings: GatewaySettings
    let environment: [String: String]

    /// The SDKs' variables, which `default_chain` honours.
    private static let iamVariable = "HUAWEICLOUD_SDK_IAM_ENDPOINT"
    private static let stsVariable = "HUAWEICLOUD_SDK_STS_ENDPOINT"

    /// What is asked for a credential that belongs to a region; nil means no region in particular.
    func place(
        region: String?, honoursVariables: Bool = false, exchange: any IdentityExchange, clock: ClockOffset
    ) throws(Failure) -> IdentityPlace {
        let configured = settings.regions.first { $0.name == region }
        let known = region.flatMap { Region(id: $0) }
        let iam = configured?.iam?.description ?? known?.iam ?? Region.globalIAM
        let sts = configured?.sts?.description ?? known?.sts ?? Region.defaultSTS
        return IdentityPlace(
            iam: try Self.endpoint(try variable(Self.iamVariable, honoursVariables) ?? iam),
            sts: try Self.endpoint(try variable(Self.stsVariable, honoursVariables) ?? sts),
            exchange: exchange, clock: clock
        )
    }

    /// The region that a credential belongs to: its own key, otherwise that of the first project that uses it, directly, as a fallback or
    /// as an agency's source.
    func region(of credential: CredentialSettings) -> String? {
        var names: Set<String> = [credential.name]
        // Each round finds the users of those found before; there are no more rounds than credentials.
        for _ in settings.credentials {
            for other in settings.credentials {
                if case .agency(let agency) = other.source, names.contains(agency.source) { names.insert(other.name) }
                if let fallback = other.fallback, names.contains(fallback) { names.insert(other.name) }
            }
        }
        return credential.region ?? settings.projects.first { $0.credentials.contains(where: names.contains) }?.region
    }

    /// A base URL as it goes on the wire.
    static func endpoint(_ url: String) throws(Failure) -> IdentityEndpoint {
        do throws(Origin.Invalid) {
            let origin = try Origin(url: url)
            let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
            return IdentityEndpoint(url: "\(origin.scheme.rawValue)://\(host):\(origin.port)", host: origin.hostField)
        } catch {
            throw Failure(.badConfiguration, "An identity service's endpoint is not a plain http(s)://host[:port].")
        }
    }

    private func variable(_ name: String, _ isHonoured: Bool) throws(Failure) -> String? {
        guard isHonoured, let text = environment[name], !text.isEmpty else { return nil }
        guard let url = try? EndpointURL(text: text), url.scheme == "https" || url.scheme == "http" && url.isLoopback,
            url.path.isEmpty || url.path == "/"
        else {
            throw Failure(.badConfiguration, "\(name) is not an https base URL; http is accepted for loopback addresses only.")
        }
        return url.description
    }
}
