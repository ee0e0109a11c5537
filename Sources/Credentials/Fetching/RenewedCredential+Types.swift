extension RenewedCredential {
    /// `iam_password`, in one scope.
    package static func password(_ login: PasswordLogin, scope: PasswordLogin.Scope, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .iamPassword, fetcher: PasswordFetcher(login: login, scope: scope, place: place))
    }

    /// `agency`.
    package static func agency(_ agency: Agency, assumedBy source: Credential, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .agency, fetcher: AgencyFetcher(source: source, agency: agency, place: place))
    }

    /// `agency` by its URN.
    package static func trustAgency(_ agency: TrustAgency, assumedBy source: Credential, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .agency, fetcher: TrustAgencyFetcher(source: source, agency: agency, place: place))
    }

    /// `ecs_metadata`. Without an endpoint the usual address is used.
    package static func metadata(endpoint: IAMEndpoint?, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .ecsMetadata, fetcher: MetadataFetcher(endpoint: endpoint ?? MetadataFetcher.usualEndpoint, place: place))
    }

    /// `pod_identity`.
    package static func podIdentity(_ pod: PodIdentity, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .podIdentity, fetcher: pod.fetcher(place))
    }

    /// `oidc` by IAM's federation.
    package static func federation(identityProvider: String, idToken: SecretSource, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .oidc, fetcher: FederationFetcher(identityProvider: identityProvider, idToken: idToken, place: place))
    }

    /// `oidc` by STS.
    package static func assumedRole(_ role: AssumedRole, idToken: SecretSource, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .oidc, fetcher: AssumedRoleFetcher(role: role, idToken: idToken, place: place))
    }

    /// `default_chain`.
    package static func chain(_ chain: DefaultChain, at place: IAMContext) -> RenewedCredential {
        RenewedCredential(type: .defaultChain, fetcher: chain.fetcher(place))
    }
}
