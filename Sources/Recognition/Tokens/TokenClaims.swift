import JWTKit

/// A token's payload: the required members, and every claim as texts.
struct TokenClaims: JWTPayload {
    let issuer: String?
    let audiences: [String]
    /// Seconds since the epoch.
    let expires: Double?
    let notBefore: Double?
    let claims: [String: [String]]

    /// Objects in the payload are read to this depth.
    private static let depth = 3

    init(from decoder: any Decoder) throws {
        var claims: [String: [String]] = [:]
        var numbers: [String: Double] = [:]
        let container = try decoder.container(keyedBy: ClaimName.self)
        try TokenClaims.collect(container, under: "", depth: 1, &claims, &numbers)
        self.claims = claims
        issuer = claims["iss"]?.first
        audiences = claims["aud"] ?? []
        expires = numbers["exp"]
        // A start time that can't be read counts as not reached (RFC 7519 section 4.1.5 wants a number).
        notBefore = numbers["nbf"] ?? (container.contains(ClaimName(stringValue: "nbf")) ? .infinity : nil)
    }

    private static func collect(
        _ container: KeyedDecodingContainer<ClaimName>, under path: String, depth: Int, _ claims: inout [String: [String]],
        _ numbers: inout [String: Double]
    ) throws {
        for key in container.allKeys {
            let name = path + key.stringValue
            if let text = try? container.decode(String.self, forKey: key) {
                claims[name] = [text]
            } else if let truth = try? container.decode(Bool.self, forKey: key) {
                claims[name] = [truth ? "true" : "false"]
            } else if let number = try? container.decode(Double.self, forKey: key) {
                claims[name] = [number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)]
                numbers[name] = number
            } else if let list = try? container.decode([String].self, forKey: key) {
                claims[name] = list
            } else if depth < TokenClaims.depth, let inner = try? container.nestedContainer(keyedBy: ClaimName.self, forKey: key) {
                try collect(inner, under: name + "/", depth: depth + 1, &claims, &numbers)
            }
        }
    }

    /// Tokens are only read, never written.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(claims)
    }

    /// `TokenVerifier` checks dates and issuer, because it has the clock.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// Any name of a claim.
private struct ClaimName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
