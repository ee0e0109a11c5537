import FoundationEssentials
import JWTKit

/// An issuer's public keys, prepared for verifying signatures. The essentials of Foundation are imported because JWTKit takes JSON and signatures in
/// its `Data`.
package struct VerificationKeys: Sendable {
    /// Key sets are small; this limits what a wrong URL can return.
    package static let largestSet = 1 << 20
    private static let mostKeys = 100
    /// Shorter RSA keys can be broken by an attacker with many resources. In characters of base64url: 2,048 bits.
    private static let shortestModulus = 342

    private struct Key: Sendable {
        let id: String?
        let algorithm: String
        let verifier: any JWTAlgorithm
    }

    private let keys: [Key]

    /// Why a set can't be used.
    package enum Fault: Error, Sendable, Hashable {
        case tooLarge
        case notAKeySet
        case noUsableKey
        case privateKey
        /// The source could not be reached or read; the text doesn't name the source.
        case unavailable(String)

        package var sentence: String {
            switch self {
            case .tooLarge: "is larger than \(VerificationKeys.largestSet) bytes, so it can't be a key set"
            case .notAKeySet: "is not a JSON Web Key Set: expected {\"keys\": […]}"
            case .noUsableKey: "holds no public key that is accepted: RSA of 2,048 bits and more, P-256, P-384, P-521 or Ed25519"
            case .privateKey: "holds a private key; whoever reads it can make tokens: replace the key pair and publish its public half"
            case .unavailable(let reason): reason
            }
        }
    }

    package init(json: [UInt8]) async throws(Fault) {
        guard json.count <= VerificationKeys.largestSet else { throw .tooLarge }
        guard let set = try? JSONDecoder().decode(LenientSet.self, from: Data(json)) else { throw .notAKeySet }
        var keys: [Key] = []
        for entry in set.keys.prefix(VerificationKeys.mostKeys) {
            guard let jwk = entry.jwk else { continue }
            guard !entry.isPrivate else { throw .privateKey }
            if jwk.keyType == .rsa, (jwk.modulus ?? "").utf8.count < VerificationKeys.shortestModulus { continue }
            guard entry.use == nil || entry.use == "sig" else { continue }
            for algorithm in VerificationKeys.algorithms(of: jwk) {
                guard let verifier = await VerificationKeys.verifier(jwk, algorithm) else { continue }
                keys.append(Key(id: jwk.keyIdentifier?.string, algorithm: algorithm.rawValue, verifier: verifier))
            }
        }
        guard !keys.isEmpty else { throw .noUsableKey }
        self.keys = keys
    }

    /// The keys that match a token's head. The algorithm has to be one of the key's own, so that a public key is never used as the secret of an HMAC.
    func candidates(id: String?, algorithm: String) -> [any JWTAlgorithm] {
        keys.filter { $0.algorithm == algorithm && (id == nil || $0.id == nil || $0.id == id) }.map(\.verifier)
    }

    /// Only asymmetric algorithms; `none` and HMAC make no sense for a public set of keys.
    static let acceptedAlgorithms: Set<String> = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

    /// What verifying a signature costs, as a multiple of what it costs for the usual algorithms: the library has fast code for no other curve than
    /// P-256 and Ed25519.
    static func cost(of algorithm: String) -> Int {
        switch algorithm {
        case "ES384": 6
        case "ES512": 12
        default: 1
        }
    }

    private static func algorithms(of jwk: JWK) -> [JWK.Algorithm] {
        let fitting: [JWK.Algorithm] =
            if jwk.keyType == .rsa {
                [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
            } else if jwk.keyType == .ecdsa {
                switch jwk.curve?.rawValue {
                case "P-256": [.es256]
                case "P-384": [.es384]
                case "P-521": [.es512]
                default: []
                }
            } else {
                [.eddsa]
            }
        guard let declared = jwk.algorithm else { return fitting }
        return fitting.filter { $0.rawValue == declared.rawValue }
    }

    private static func verifier(_ jwk: JWK, _ algorithm: JWK.Algorithm) async -> (any JWTAlgorithm)? {
        var jwk = jwk
        jwk.algorithm = algorithm
        // The collection requires an id for each key; it contains one key and is discarded.
        let id = JWKIdentifier(string: "key")
        jwk.keyIdentifier = id
        let collection = JWTKeyCollection()
        guard (try? await collection.add(jwk: jwk)) != nil else { return nil }
        return try? await collection.getKey(for: id)
    }
}

/// A key set that skips unsupported entries instead of failing as a whole (RFC 7517 section 5).
private struct LenientSet: Decodable {
    let keys: [Entry]

    struct Entry: Decodable {
        let jwk: JWK?
        let use: String?
        /// Whether it has any member of a private key (RFC 7518 sections 6.2.2 and 6.3.2): each of them tells the others.
        let isPrivate: Bool

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case use, d, p, q, dp, dq, qi, oth
        }

        init(from decoder: any Decoder) throws {
            jwk = try? JWK(from: decoder)
            let members = try? decoder.container(keyedBy: CodingKeys.self)
            use = try? members?.decode(String.self, forKey: .use)
            isPrivate = members?.allKeys.contains { $0 != .use } ?? false
        }
    }
}
