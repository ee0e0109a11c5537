/// The parts of a request's signature, safe to display: nothing in it can be replayed.
package struct SigningExplanation: Sendable, Equatable {
    /// The canonical request, with the security token's value replaced.
    package let canonicalRequest: String
    /// The `Authorization` header, with the access key id and the signature cut.
    package let authorization: String

    /// How many characters of a signature are shown.
    private static let shownSignatureCharacters = 8

    init(_ request: CanonicalRequest, key: SigningKey, date: SigningDate) {
        canonicalRequest = Self.redact(request, securityToken: key.securityToken)
        let names = String(decoding: request.bytes[request.signedHeaders], as: UTF8.self)
        let whole = String(decoding: SDKHMACSigner.authorization(for: request, with: key, at: date), as: UTF8.self)
        let signature = whole.suffix(64).prefix(Self.shownSignatureCharacters)
        let algorithm = SDKHMACSigner.algorithm
        authorization = "\(algorithm) Access=…\(key.accessKeyTail), SignedHeaders=\(names), Signature=\(signature)…"
    }

    /// The token's line is the last one before the empty line, because its name sorts after all others that the gateway signs.
    private static func redact(_ request: CanonicalRequest, securityToken: Secret?) -> String {
        guard let securityToken else { return String(decoding: request.bytes, as: UTF8.self) }
        let end = request.signedHeaders.lowerBound - 2
        let shown = request.bytes[..<(end - securityToken.count)]
        return String(decoding: shown, as: UTF8.self) + "<secret>" + String(decoding: request.bytes[end...], as: UTF8.self)
    }
}

extension CredentialMaterial {
    /// Shows how a request would be signed; nil for a token, which needs no signature.
    package func explain(_ request: borrowing CredentialRequest, at time: SigningTime) throws(CanonicalRequestError) -> SigningExplanation? {
        guard case .signingKey(let key) = self else { return nil }
        let date = SigningDate(time)
        return SigningExplanation(
            CanonicalRequest(request, fields: try CanonicalFields(request), key: key, date: date), key: key, date: date)
    }
}
