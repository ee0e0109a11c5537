/// Why a request could not be vouched for. Nothing has left for the cloud then.
package enum CredentialError: Error, Equatable, Sendable {
    /// Nothing is at hand without waiting.
    case notAtHand
    /// A secret could not be read.
    case secret(SecretFault)
    /// The request can't be signed unambiguously.
    case request(CanonicalRequestError)
}
