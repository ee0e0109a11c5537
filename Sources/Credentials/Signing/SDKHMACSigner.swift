import Crypto

/// Huawei Cloud's request signature, `SDK-HMAC-SHA256` (protocol page a.6).
package enum SDKHMACSigner {
    /// The name of the algorithm, as in the string to sign and in the `Authorization` header.
    static let algorithm: StaticString = "SDK-HMAC-SHA256"

    /// Room for the string to sign: 15 + 1 + 16 + 1 + 64 bytes.
    private static let stringToSignBytes = 97
    /// Room for the fixed parts of the `Authorization` header and the signature.
    private static let authorizationBytes = 128

    /// The value of the `Authorization` header. `X-Sdk-Date` must be among the request's headers, with the same time.
    package static func sign(_ request: CanonicalRequest, with key: SigningKey, at time: SigningTime) -> String {
        String(decoding: authorization(for: request, with: key, at: SigningDate(time)), as: UTF8.self)
    }

    static func authorization(for request: CanonicalRequest, with key: SigningKey, at date: SigningDate) -> [UInt8] {
        let message = stringToSign(for: request, at: date)
        let signature = message.withUnsafeBytes { key.authenticate($0) }
        let capacity = authorizationBytes + request.signedHeaders.count + key.accessKeyID.utf8.count
        return CanonicalText.bytes(capacity: capacity) { text in
            text.append(algorithm)
            text.append(" Access=")
            text.append(key.accessKeyID.utf8)
            text.append(", SignedHeaders=")
            text.append(request.bytes.span.extracting(request.signedHeaders))
            text.append(", Signature=")
            signature.withUnsafeBytes { text.append(hexadecimal: $0) }
        }
    }

    /// The three lines that the secret key authenticates.
    static func stringToSign(for request: CanonicalRequest, at date: SigningDate) -> [UInt8] {
        var hasher = SHA256()
        request.bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        let digest = hasher.finalize()
        return CanonicalText.bytes(capacity: stringToSignBytes) { text in
            text.append(algorithm)
            text.append("\n")
            text.append(date)
            text.append("\n")
            digest.withUnsafeBytes { text.append(hexadecimal: $0) }
        }
    }
}
