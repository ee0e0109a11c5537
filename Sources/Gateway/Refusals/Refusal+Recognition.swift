import Audit
import Recognition

extension Refusal {
    /// Why a key, a signature or a token was rejected, as a text for the caller. It helps the owner of a valid credential and does not reveal to
    /// others which ids exist.
    init(_ fault: RecognitionFault) {
        switch fault {
        case .unknownKey:
            self.init(
                .callerUnknown, "The gateway doesn't know this key.",
                hint: "Check that all of it is sent; the operator lists keys with `hss-gateway caller key list` and makes new ones.")
        case .keyEnded(let seconds):
            // Ends were read as dates up to the year 9999, some 2.5e11 seconds.
            let end = Timestamp(microseconds: seconds &* 1_000_000)
            self.init(
                .callerUnknown, "This key ended on \(end).",
                hint: "Use the key that replaced it; the operator makes one with `hss-gateway caller key rotate` or `caller key create`.")
        case .severalProofs:
            self.init(.callerUnknown, "The request shows more than one key or token.", hint: "Send one.")
        case .unreadableSignature:
            self.init(
                .signatureMismatch, "The Authorization field is no SDK-HMAC-SHA256 signature.",
                hint: "Sign with the official SDK's default algorithm, SDK-HMAC-SHA256.")
        case .unsignedDate:
            self.init(
                .signatureMismatch, "A signed field is missing or repeated, or X-Sdk-Date is not among the signed ones.",
                hint: "Sign with the official SDK, and let nothing between it and the gateway change header fields.")
        case .signatureMismatch:
            self.init(
                .signatureMismatch, "The signature doesn't belong to this request and this key.",
                hint: "Check the secret key, and that nothing between the SDK and the gateway changes the host, the path, the query or the body.")
        case .unsignedBody:
            self.init(
                .signatureMismatch, "The body isn't covered by the signature: X-Sdk-Content-Sha256 says UNSIGNED-PAYLOAD.",
                hint: "Sign the body: set X-Sdk-Content-Sha256 to its SHA-256 in hexadecimal, or leave the field out. Only forms may go unsigned.")
        case .dateOutsideWindow:
            self.init(
                .dateOutsideWindow, "X-Sdk-Date is more than 15 minutes from the gateway's clock.",
                hint: "Set the client's clock (NTP), and sign each request when it is sent.")
        case .replay:
            self.init(
                .replay, "This signature was used before.",
                hint: "Sign anew. The SDK's date has whole seconds: two equal requests within one second need a different X-Request-Id each.")
        case .tooManySignatures:
            self.init(.overloaded, "The gateway remembers as many signatures as it may.", hint: "Try again later, and send fewer requests.")
        default:
            self = .token(fault)
        }
    }

    static let replay = Refusal(RecognitionFault.replay)

    /// No caller was recognised, and the request's credential was not issued by this gateway: an opaque token, or a signature with a key of the
    /// cloud.
    static func foreignProof(from address: String) -> Refusal {
        Refusal(
            .callerUnknown,
            "What the request shows is no key, signature or token that this gateway knows, and the gateway doesn't know who calls from \(address).",
            hint: "Send all of a key that the operator made (`caller key create`), or have this address added to a caller's `authenticate`.")
    }

    private static func token(_ fault: RecognitionFault) -> Refusal {
        switch fault {
        case .tokenExpired: Refusal(.callerUnknown, "The token has expired.", hint: "Get a new one from its issuer.")
        case .tokenTooLong:
            Refusal(.callerUnknown, "The token is longer than this gateway reads.", hint: "Get a shorter one; the operator sets `limits.token`.")
        case .tooManyForgeries:
            Refusal(
                .overloaded, "As many tokens with a wrong signature came from this address as are verified in a second.",
                hint: "Try again in a moment; the operator finds out who sends them.", retryAfterSeconds: 1)
        case .tokenNotYetValid: Refusal(.callerUnknown, "The token is not valid yet.", hint: "Check the clocks of the issuer and the gateway.")
        case .tokenAlgorithm:
            Refusal(
                .callerUnknown, "The token is signed with an algorithm that isn't accepted.",
                hint: "Use RS256, PS256, ES256, their longer forms, or EdDSA.")
        case .keysUnavailable:
            Refusal(
                .callerUnknown, "The keys of the token's issuer could not be fetched.", hint: "Try again; the operator checks `jwks`.",
                retryAfterSeconds: 10)
        case .unreadableForwarding:
            Refusal(
                .callerUnknown, "The proxy in front of the gateway names no address of its client.",
                hint: "The operator checks what the proxy writes into X-Forwarded-For.")
        default:
            Refusal(.callerUnknown, "The token is not one that its issuer vouches for.", hint: "Get a new one from its issuer.")
        }
    }
}
