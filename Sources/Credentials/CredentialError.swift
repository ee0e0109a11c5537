/// Why a request could not be signed. In this case nothing has been sent to the cloud.
package enum CredentialError: Error, Equatable, Sendable {
    /// A secret could not be read.
    case secret(SecretFault)
    /// The request can't be signed unambiguously.
    case request(CanonicalRequestError)
}
