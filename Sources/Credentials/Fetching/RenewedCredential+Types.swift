extension RenewedCredential {
    /// `iam_password`, in one scope.
    package static func password(_ login: PasswordLogin, scope: TokenScope, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .iamPassword, fetcher: PasswordFetcher(login: login, scope: scope, place: place))
    }

    /// `agency`.
    package static func agency(_ agency: Agency, assumedBy source: Credential, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .agency, fetcher: AgencyFetcher(source: source, agency: agency, place: place))
    }

    /// `ecs_metadata`. Without an endpoint the usual address is asked.
    package static func metadata(endpoint: IdentityEndpoint?, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .ecsMetadata, fetcher: MetadataFetcher(endpoint: endpoint ?? MetadataFetcher.usualEndpoint, place: place))
    }

    /// `pod_identity`.
    package static func podIdentity(_ pod: PodIdentity, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .podIdentity, fetcher: pod.fetcher(place))
    }

    /// `oidc` by IAM's federation.
    package static func federation(identityProvider: String, idToken: SecretSource, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .oidc, fetcher: FederationFetcher(identityProvider: identityProvider, idToken: idToken, place: place))
    }

    /// `oidc` by STS.
    package static func assumedRole(_ role: AssumedRole, idToken: SecretSource, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .oidc, fetcher: AssumedRoleFetcher(role: role, idToken: idToken, place: place))
    }

    /// `default_chain`.
    package static func chain(_ chain: DefaultChain, at place: IdentityPlace) -> RenewedCredential {
        RenewedCredential(type: .defaultChain, fetcher: chain.fetcher(place))
    }
}

/// The agent that hands out a pod's keys.
package struct PodIdentity: Sendable {
    package let endpoint: IdentityEndpoint
    package let path: String
    package let token: SecretSource

    package init(endpoint: IdentityEndpoint, path: String, token: SecretSource) {
        self.endpoint = endpoint
        self.path = path
        self.token = token
    }

    func fetcher(_ place: IdentityPlace) -> PodIdentityFetcher {
        PodIdentityFetcher(endpoint: endpoint, path: path, token: token, place: place)
    }
}

/// What the surroundings say about the official SDKs' ways to a credential.
package struct DefaultChain: Sendable {
    /// The agency that STS hands out keys of, and the identity token for it; the Python SDK tries this first.
    package var assumedRole: (role: AssumedRole, idToken: SecretSource)?
    /// IAM's identity provider, and the token for it; wins over keys in the environment.
    package var federation: (identityProvider: String, idToken: SecretSource)?
    /// Where a variable's secret is; nil when it is not set.
    package var variable: @Sendable (String) -> SecretSource?
    package var profile: String?
    package var metadata: IdentityEndpoint?
    package var pod: PodIdentity?

    package init(variable: @escaping @Sendable (String) -> SecretSource?) {
        self.variable = variable
    }

    /// The service that the way which is set up here needs, where nobody knows it in the region's own cloud.
    package func unknownService(at place: IdentityPlace) -> IdentityFault? {
        if assumedRole != nil { return place.sts == nil ? IdentityFault(.sts, .endpointUnknown(region: place.region)) : nil }
        return federation != nil && place.iam == nil ? IdentityFault(.iam, .endpointUnknown(region: place.region)) : nil
    }

    func fetcher(_ place: IdentityPlace) -> ChainFetcher {
        var links: [any MaterialFetcher] = []
        if let assumedRole {
            links.append(AssumedRoleFetcher(role: assumedRole.role, idToken: assumedRole.idToken, place: place))
        }
        if let federation {
            links.append(FederationFetcher(identityProvider: federation.identityProvider, idToken: federation.idToken, place: place))
        }
        links.append(EnvironmentFetcher(read: variable))
        if let profile { links.append(ProfileFetcher(path: profile, place: place)) }
        links.append(MetadataFetcher(endpoint: metadata ?? MetadataFetcher.usualEndpoint, place: place))
        if let pod { links.append(pod.fetcher(place)) }
        return ChainFetcher(links: links)
    }
}
