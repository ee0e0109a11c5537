/// One way to prove who the gateway is to Huawei Cloud.
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
        package let domain: String
        package let agency: String
        package let duration: Duration
    }

    /// An identity token that IAM exchanges.
    package struct Federation: Sendable, Hashable {
        package let identityProvider: String
        package let tokenFile: String
    }

    /// The type with what belongs to it.
    package enum Source: Sendable, Hashable {
        case accessKey(AccessKeyPair)
        case token(SecretReference)
        case password(Login)
        case agency(Agency)
        case ecsMetadata
        case podIdentity
        case federation(Federation)
        case defaultChain
    }

    package let name: String
    package let kind: Kind
    package let source: Source
}
