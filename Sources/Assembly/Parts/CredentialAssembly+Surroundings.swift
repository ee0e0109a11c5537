import Credentials
import Settings

/// Credentials from the environment: the names are those of the official SDKs and of the cluster.
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
        return PodIdentity(endpoint: try IAMEndpoints.endpoint(url.origin), path: url.path.isEmpty ? "/" : url.path, token: token)
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
        chain.assumedRole = assumedRole()
        chain.federation = federation()
        chain.profile = profile()
        chain.pod = try pod()
        return chain
    }

    private typealias Role = DefaultChain.Way<(role: AssumedRole, idToken: SecretSource)>

    private func assumedRole() -> Role {
        // A session name or a duration alone selects no identity; all other variables do, or restrict its rights.
        let all = ["PROVIDER_URN", "AGENCY_URN", "ID_TOKEN", "TOKEN_FILE", "POLICY", "POLICY_IDS"].map { "HUAWEICLOUD_OIDC_\($0)" }
        let there = all.filter { variable($0) != nil }
        let misnamed = "HUAWEICLOUD_OIDC_ID_TOKEN_FILE"
        guard !there.isEmpty || variable(misnamed) != nil else { return .absent }
        let token = idToken(value: all[2], file: all[3])
        guard let provider = variable(all[0]) else { return .incomplete(DefaultChain.incomplete(there, all[0])) }
        guard let agency = variable(all[1]) else { return .incomplete(DefaultChain.incomplete(there, all[1])) }
        guard let token else {
            if variable(misnamed) != nil { return .incomplete("\(misnamed) is set, which no SDK reads: write \(all[3]).") }
            return .incomplete(DefaultChain.incomplete(there, all[3]))
        }
        let name = "HUAWEICLOUD_OIDC_DURATION_SECONDS"
        guard let seconds = variable(name).map({ Int($0.trimmingBlanks) }) ?? 3_600, (1...86_400).contains(seconds) else {
            return .incomplete("\(name) is not a whole number of seconds from 1 to 86400.")
        }
        var role = AssumedRole(
            providerURN: provider, agencyURN: agency, sessionName: variable("HUAWEICLOUD_OIDC_SESSION_NAME") ?? "hss-gateway",
            duration: .seconds(seconds))
        role.policy = variable(all[4])
        role.policyIDs = (variable(all[5]) ?? "").split(separator: ",").map { String($0).trimmingBlanks }.filter { !$0.isEmpty }
        return .ready((role, token))
    }

    private func federation() -> DefaultChain.Way<(identityProvider: String, idToken: SecretSource)> {
        let (provider, file) = ("HUAWEICLOUD_SDK_IDP_ID", "HUAWEICLOUD_SDK_ID_TOKEN_FILE")
        switch (variable(provider), variable(file)) {
        case (nil, nil): return .absent
        case (let id?, let path?): return .ready((id, .file(path: path)))
        case (nil, _): return .incomplete(DefaultChain.incomplete([file], provider))
        case (_, nil): return .incomplete(DefaultChain.incomplete([provider], file))
        }
    }

    private func profile() -> ProfileFile? {
        let named = variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE")
        guard let path = named ?? variable("HOME").map({ "\($0)/.huaweicloud/credentials" }) else { return nil }
        return ProfileFile(path: path, isNamed: named != nil) { text in try? IAMEndpoints.named(text) }
    }

    private func pod() throws(Failure) -> DefaultChain.Way<PodIdentity> {
        switch (variable(Self.podURL), variable(Self.podToken)) {
        case (nil, nil): return .absent
        case (_?, nil): return .incomplete(DefaultChain.incomplete([Self.podURL], Self.podToken))
        case (nil, _?): return .incomplete(DefaultChain.incomplete([Self.podToken], Self.podURL))
        case (_?, _?): return try podIdentity(nil).map { .ready($0) } ?? .absent
        }
    }

    /// The value takes precedence over the file, as in the SDK.
    private func idToken(value: String, file: String) -> SecretSource? {
        variable(value).map { _ in .environment(name: value) } ?? variable(file).map { .file(path: $0) }
    }
}

extension String {
    /// Without blanks around it.
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
