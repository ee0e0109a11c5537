/// Why a request could not be signed. Nothing has been sent to the cloud then.
package enum CredentialError: Error, Equatable, Sendable {
    /// A secret could not be read.
    case secret(SecretFault)
    /// The request can't be signed unambiguously.
    case request(CanonicalRequestError)
}
