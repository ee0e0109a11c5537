import Crypto

/// Checks an SDK-HMAC-SHA256 signature against the request that arrived.
///
/// This code shares nothing with the gateway's signer: no test could find a mistake that both have.
struct SignatureVerifier: Sendable {
    /// Why a signature is refused.
    enum Rejection: Error, Equatable, Sendable {
        /// `X-Sdk-Date` is missing, unreadable or not signed.
        case dateNotSigned
        /// The date is too far from the server's clock.
        case dateOutsideWindow(signed: String, server: String)
        /// A name in `SignedHeaders` isn't in the request, or a strict rule about the query is broken.
        case notReproducible
        /// The signature belongs to another request; the canonical request is the server's.
        case mismatch(canonicalRequest: String)
    }

    /// The largest difference between `X-Sdk-Date` and the server's clock, in seconds (signing page, a.8).
    static let window: Int64 = 15 * 60

    /// Accepts only sorted query values and `k=`.
    var strictQuery: Bool

    /// Returns when the signature is right for this secret key at this moment.
    func verify(
        _ request: SandboxRequest, _ authorization: SignedAuthorization, secretKey: String, now: Duration
    ) throws(Rejection) {
        guard authorization.signedHeaders.contains("x-sdk-date"), let dateText = request.header("X-Sdk-Date"),
            let date = CivilTime(compact: dateText)
        else { throw .dateNotSigned }
        guard abs(date.secondsSinceEpoch - now.wholeSeconds) <= Self.window else {
            throw .dateOutsideWindow(signed: dateText, server: CivilTime(secondsSinceEpoch: now.wholeSeconds).compact)
        }
        let form = ServerCanonicalForm(request, signedHeaders: authorization.signedHeaders, strictQuery: strictQuery)
        guard let form, let usual = form.candidates.first else { throw .notReproducible }
        let key = SymmetricKey(data: Array(secretKey.utf8))
        for candidate in form.candidates {
            let stringToSign = "SDK-HMAC-SHA256\n\(dateText)\n\(Hexadecimal.text(SHA256.hash(data: Array(candidate.utf8))))"
            let expected = Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key))
            if Array(expected.utf8) == Array(authorization.signature.utf8) { return }
        }
        throw .mismatch(canonicalRequest: usual)
    }
}
