import Credentials
import Settings

/// What the environment says about credentials: the names are those of the official SDKs and of the cluster.
extension CredentialAssembly {
    static let podURL = "HC_CONTAINER_CREDENTIALS_FULL_URI"
    static let podToken = "HC_CONTAINER_AUTHORIZATION_TOKEN_FILE"

    private func variable(_ name: String) -> String? {
        surroundings.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func podIdentity(_ agent: CredentialSettings.PodAgent?) throws(Failure) -> PodIdentity? {
        let token = agent?.token.map { source($0) } ?? variable(Self.podToken).map { .file(path: $0) }
        var url = agent?.endpoint
        if url == nil { url = try podURL() }
        guard let token, let url else { return nil }
        return PodIdentity(endpoint: try IdentityEndpoints.endpoint(url.origin), path: url.path.isEmpty ? "/" : url.path, token: token)
    }

    private func podURL() throws(Failure) -> EndpointURL? {
        guard let text = variable(Self.podURL) else { return nil }
        guard let url = try? EndpointURL(text: text), url.scheme == "https" || url.scheme == "http" && url.staysNear else {
            throw Failure(.badConfiguration, "\(Self.podURL) is not an https URL; http is accepted for loopback and link-local addresses only.")
        }
        return url
    }

    /// The official SDKs' variables and files (protocol page b.5).
    func defaultChain() throws(Failure) -> DefaultChain {
        let (environment, secrets) = (surroundings.environment, surroundings.secrets)
        var chain = DefaultChain { name in
            if let value = secrets[name] { return .value(Secret(value)) }
            return environment[name]?.isEmpty == false ? .environment(name: name) : nil
        }
        if let provider = variable("HUAWEICLOUD_OIDC_PROVIDER_URN"), let agency = variable("HUAWEICLOUD_OIDC_AGENCY_URN"),
            let token = idToken(file: "HUAWEICLOUD_OIDC_ID_TOKEN_FILE", value: "HUAWEICLOUD_OIDC_ID_TOKEN")
        {
            let role = AssumedRole(providerURN: provider, agencyURN: agency, sessionName: "hss-gateway", duration: .seconds(3600))
            chain.assumedRole = (role, token)
        }
        if let provider = variable("HUAWEICLOUD_SDK_IDP_ID"), let file = variable("HUAWEICLOUD_SDK_ID_TOKEN_FILE") {
            chain.federation = (provider, .file(path: file))
        }
        chain.profile = variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE") ?? variable("HOME").map { "\($0)/.huaweicloud/credentials" }
        chain.pod = try podIdentity(nil)
        return chain
    }

    private func idToken(file: String, value: String) -> SecretSource? {
        variable(file).map { .file(path: $0) } ?? variable(value).map { _ in .environment(name: value) }
    }
}
