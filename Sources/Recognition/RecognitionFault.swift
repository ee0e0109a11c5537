/// Why a request's credentials prove nothing. The gateway chooses text and status; nothing here repeats the credentials.
package enum RecognitionFault: Error, Sendable, Equatable {
    /// A key in the gateway's form that doesn't exist, was revoked, or whose secret part is wrong. The three cases are not distinguished.
    case unknownKey
    /// A key that was valid until this time, seconds since 1970. Only reported to a sender of the complete key.
    case keyEnded(at: Int64)
    /// Two keys, or two tokens, that differ.
    case severalProofs
    /// The `Authorization` of a virtual key can't be read, or names another algorithm than SDK-HMAC-SHA256.
    case unreadableSignature
    /// A field that was signed is missing or occurs more than once, or `X-Sdk-Date` isn't among them.
    case unsignedDate
    case signatureMismatch
    /// The signature doesn't cover the body, which is allowed only for forms.
    case unsignedBody
    /// `X-Sdk-Date` differs too much from the gateway's clock.
    case dateOutsideWindow
    case replay
    /// The memory for used signatures is full.
    case tooManySignatures
    /// The token's algorithm is not accepted.
    case tokenAlgorithm
    case tokenExpired
    case tokenNotYetValid
    /// The token's signature matches no key that the issuer publishes.
    case tokenSignature
    /// Verifying forged tokens of this source has cost so much in this second that no further one is verified.
    case tooManyForgeries
    /// The token can't be parsed.
    case unreadableToken
    /// The token is too long.
    case tokenTooLong
    /// The token is from a configured issuer and lacks a required member, or has a critical extension that is not supported.
    case incompleteToken
    /// The issuer's keys could not be fetched.
    case keysUnavailable
    /// A trusted proxy sent an `X-Forwarded-For` that is no list of addresses.
    case unreadableForwarding
}
