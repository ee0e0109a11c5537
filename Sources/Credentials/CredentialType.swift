/// How a credential authenticates the gateway, by its name in the configuration.
package enum CredentialType: String, Sendable {
    /// A key pair that signs each request.
    case aksk
    /// A token that is sent with each request.
    case token
    /// A token that IAM issues for a password.
    case iamPassword = "iam_password"
    /// Temporary keys of an agency that another credential assumes.
    case agency
    /// Temporary keys of the machine.
    case ecsMetadata = "ecs_metadata"
    /// Temporary keys of the pod.
    case podIdentity = "pod_identity"
    /// Temporary keys issued for an identity token.
    case oidc
    /// The first of these that is set up in the gateway's environment.
    case defaultChain = "default_chain"
}
