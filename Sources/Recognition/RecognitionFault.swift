/// Why what a request shows of its sender proves nothing. Wording and status are the edge's business; nothing here repeats what was shown.
package enum RecognitionFault: Error, Sendable, Equatable {
    /// A key of our form that doesn't exist, was revoked, or whose secret part is wrong. The three are not told apart.
    case unknownKey
    /// A key that was good until this moment, seconds since 1970. Only who has all of it is told.
    case keyEnded(at: Int64)
    /// Two keys, or two tokens, that differ.
    case severalProofs
    /// The `Authorization` of a virtual key can't be read, or names another algorithm than SDK-HMAC-SHA256.
    case unreadableSignature
    /// A field that was signed is missing or stands more than once, or `X-Sdk-Date` isn't among them.
    case unsignedDate
    case signatureMismatch
    /// The signature leaves the body out, and only a form's may be left out.
    case unsignedBody
    /// `X-Sdk-Date` is further from the gateway's clock than it may be.
    case dateOutsideWindow
    case replay
    /// More signatures are remembered than memory was set aside for.
    case tooManySignatures
    /// The token's algorithm is none that is accepted.
    case tokenAlgorithm
    case tokenExpired
    case tokenNotYetValid
    /// No key that the issuer publishes vouches for it.
    case tokenSignature
    /// It can't be read.
    case unreadableToken
    /// It is longer than any token may be.
    case tokenTooLong
    /// It is of an issuer of ours and lacks what every token must say, or says what nobody here understands.
    case incompleteToken
    /// The issuer's keys could not be had.
    case keysUnavailable
    /// A trusted proxy says something about its client that is no list of addresses.
    case unreadableForwarding
}
