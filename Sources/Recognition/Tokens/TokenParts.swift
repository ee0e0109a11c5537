import FoundationEssentials

/// A token in compact form (RFC 7515 section 3.1), taken apart without reading its claims. What it costs to find out that a token is nobody's is
/// bounded by `headBytes` and the token's own length. Foundation's essentials are imported for their Base64 and JSON.
struct TokenParts {
    /// What the head says of the signature.
    struct Head: Decodable {
        let alg: String?
        let kid: String?
        /// Extensions that must be understood; none is.
        let crit: [String]?
    }

    /// Heads have about 100 bytes; those with a certificate's chain are no head of a token of ours.
    private static let headBytes = 2_048

    let head: Head
    let issuer: String?
    /// Head and claims as they were signed.
    let signed: ArraySlice<UInt8>
    let signature: Data

    /// The one claim that says whose the token is.
    private struct Issuer: Decodable {
        let iss: String?
    }

    /// Nil when it isn't three parts in Base64 (RFC 4648 section 5), two of them JSON objects.
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
