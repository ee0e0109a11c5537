/// One credential with which the gateway authenticates to Huawei Cloud.
package struct CredentialSettings: Sendable, Hashable {
    /// The words for `type` in the file.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case aksk
        case token
        case iamPassword = "iam_password"
        case agency
        case ecsMetadata = "ecs_metadata"
        case podIdentity = "pod_identity"
        case oidc
        case defaultChain = "default_chain"
    }

    /// A permanent pair, or a temporary one with its security token.
    package struct AccessKeyPair: Sendable, Hashable {
        package let accessKey: AccessKeyReference
        package let secretKey: SecretReference
        package let securityToken: SecretReference?
    }

    /// An IAM user with a password.
    package struct Login: Sendable, Hashable {
        package let domain: String
        package let username: String
        package let password: SecretReference
    }

    /// An agency that another credential assumes.
    package struct Agency: Sendable, Hashable {
        package let source: String
        package let domain: Domain
        package let agency: String
        package let duration: Duration

        /// The account that created the agency.
        package enum Domain: Sendable, Hashable {
            case name(String)
            case id(String)
        }
    }

    /// A trust agency that another credential's keys assume at STS.
    package struct TrustAgency: Sendable, Hashable {
        package let source: String
        package let urn: String
        package let sessionName: String
        package let duration: Duration
    }

    /// An identity token that IAM exchanges.
    package struct Federation: Sendable, Hashable {
        package let identityProvider: String
        package let tokenFile: String
    }

    /// An identity token for which STS issues an agency's keys.
    package struct AssumedRole: Sendable, Hashable {
        package let providerURN: String
        package let agencyURN: String
        package let sessionName: String
        package let duration: Duration
        package let tokenFile: String
    }

    /// The agent that issues a pod's keys. Values that are nil are taken from the environment, where the cluster sets them.
    package struct PodAgent: Sendable, Hashable {
        package let endpoint: EndpointURL?
        package let token: SecretReference?
    }

    /// The type with its own settings.
    package enum Source: Sendable, Hashable {
        case accessKey(AccessKeyPair)
        case token(SecretReference)
        case password(Login)
        case agency(Agency)
        case trustAgency(TrustAgency)
        case ecsMetadata(EndpointURL?)
        case podIdentity(PodAgent)
        case federation(Federation)
        case assumedRole(AssumedRole)
        case defaultChain
    }

    package let name: String
    package let kind: Kind
    package let source: Source
    /// The region whose IAM and STS are used; nil means the one of the first project that uses the credential.
    package let region: String?
    /// The name of the credential that is used while this one can't sign.
    package let fallback: String?

    /// The credential that assumes the agency, if this is one.
    package var assumedBy: String? {
        switch source {
        case .agency(let agency): agency.source
        case .trustAgency(let agency): agency.source
        case .accessKey, .token, .password, .ecsMetadata, .podIdentity, .federation, .assumedRole, .defaultChain: nil
        }
    }
}
