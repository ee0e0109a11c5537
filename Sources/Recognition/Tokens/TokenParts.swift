import FoundationEssentials

/// A token in compact form (RFC 7515 section 3.1), split without reading its claims. The cost of finding that a token has an unknown issuer is
/// bounded by `headBytes` and the token's length. Foundation's essentials are imported for their Base64 and JSON.
struct TokenParts {
    /// What the head says about the signature.
    struct Head: Decodable {
        let alg: String?
        let kid: String?
        /// Critical extensions; none is supported.
        let crit: [String]?
    }

    /// Heads have about 100 bytes; heads with a certificate chain are not supported.
    private static let headBytes = 2_048

    let head: Head
    let issuer: String?
    /// The signed bytes: head and claims.
    let signed: ArraySlice<UInt8>
    let signature: Data

    /// The only claim that is read before verification.
    private struct Issuer: Decodable {
        let iss: String?
    }

    /// Nil if it doesn't have three parts in Base64 (RFC 4648 section 5), two of them JSON objects.
    init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count <= TokenParts.headBytes, let headText = TokenParts.decoded(parts[0]),
            let claims = TokenParts.decoded(parts[1]), let signature = TokenParts.decoded(parts[2]),
            let head = try? JSONDecoder().decode(Head.self, from: headText), let issuer = try? JSONDecoder().decode(Issuer.self, from: claims)
        else { return nil }
        self.head = head
        self.issuer = issuer.iss
        self.signed = bytes[..<(parts[2].startIndex - 1)]
        self.signature = signature
    }

    private static func decoded(_ part: ArraySlice<UInt8>) -> Data? {
        var text = Data(capacity: part.count + 3)
        for byte in part {
            switch byte {
            case UInt8(ascii: "-"): text.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): text.append(UInt8(ascii: "/"))
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: text.append(byte)
            }
        }
        while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: text)
    }
}
