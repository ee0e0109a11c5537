import Crypto
import FoundationEssentials
import JWTKit
import Policy
import Synchronization

/// Checks JSON Web Tokens (RFC 7519): signature, issuer, dates. Audience and claims are compared by the policy. Foundation's essentials are
/// imported because JWTKit's interface speaks in their types.
package final class TokenVerifier: Sendable {
    /// Longer tokens are nobody's: Kubernetes' have about 1,200 bytes.
    static let longestToken = 16 << 10
    /// How far the issuer's clock may be from ours, seconds.
    static let leeway: Double = 30
    /// Tokens whose check is remembered; a check costs as much as all the rest of a request.
    private static let rememberedTokens = 10_000

    /// What a token turns out to be.
    enum Verdict {
        case proven(ProvenToken)
        /// Of an issuer that no caller names: none of our business.
        case foreign
        /// Signed with a key that the issuer may have published since.
        case unknownKey(TokenAuthority)
    }

    private struct Remembered {
        let token: ProvenToken
        let expires: Double
        let notBefore: Double
        let version: Int
    }

    package let authorities: [TokenAuthority]
    private let byIssuer: [String: TokenAuthority]
    private let remembered = Mutex<[SHA256.Digest: Remembered]>([:])

    package init(authorities: [TokenAuthority]) {
        self.authorities = authorities
        byIssuer = Dictionary(authorities.map { ($0.issuer, $0) }) { first, _ in first }
    }

    func verify(_ text: some StringProtocol, now: Int64) throws(RecognitionFault) -> Verdict {
        guard text.utf8.count <= TokenVerifier.longestToken else { throw .unreadableToken }
        let bytes = Array(text.utf8)
        let digest = SHA256.hash(data: bytes)
        if let known = remembered.withLock({ $0[digest] }), byIssuer[known.token.issuer]?.keys?.version == known.version {
            try TokenVerifier.judge(expires: known.expires, notBefore: known.notBefore, now: now)
            return .proven(known.token)
        }
        guard let token = try? DefaultJWTParser().parse(bytes, as: TokenClaims.self) else { throw .unreadableToken }
        guard let issuer = token.payload.issuer, let authority = byIssuer[issuer] else { return .foreign }
        guard let algorithm = token.header.alg, VerificationKeys.acceptedAlgorithms.contains(algorithm) else { throw .tokenAlgorithm }
        guard token.header.fields["crit"] == nil, let expires = token.payload.expires else { throw .incompleteToken }
        let notBefore = token.payload.notBefore ?? -.infinity
        try TokenVerifier.judge(expires: expires, notBefore: notBefore, now: now)
        guard let (keys, version) = authority.keys else { return .unknownKey(authority) }
        let candidates = keys.candidates(id: token.header.kid, algorithm: algorithm)
        guard !candidates.isEmpty else { return .unknownKey(authority) }
        let signed = bytes.prefix(bytes.lastIndex(of: UInt8(ascii: ".")) ?? 0)
        guard candidates.contains(where: { (try? $0.verify(token.signature, signs: signed)) == true }) else { throw .tokenSignature }
        let proven = ProvenToken(issuer: issuer, audiences: token.payload.audiences, claims: token.payload.claims)
        remember(Remembered(token: proven, expires: expires, notBefore: notBefore, version: version), as: digest)
        return .proven(proven)
    }

    private static func judge(expires: Double, notBefore: Double, now: Int64) throws(RecognitionFault) {
        guard Double(now) < expires + leeway else { throw .tokenExpired }
        guard Double(now) > notBefore - leeway else { throw .tokenNotYetValid }
    }

    private func remember(_ token: Remembered, as digest: SHA256.Digest) {
        remembered.withLock { tokens in
            // Full, it begins anew: that costs each token one more check, and no bookkeeping until then.
            if tokens.count >= TokenVerifier.rememberedTokens { tokens.removeAll(keepingCapacity: true) }
            tokens[digest] = token
        }
    }
}
