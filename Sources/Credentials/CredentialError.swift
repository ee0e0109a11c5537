/// Why a request could not be signed. Nothing has been sent to the cloud then.
package enum CredentialError: Error, Equatable, Sendable {
    /// Nothing is at hand without waiting.
    case notAtHand
    /// A secret could not be read.
    case secret(SecretFault)
    /// The request can't be signed unambiguously.
    case request(CanonicalRequestError)
}
