import Crypto
import FoundationEssentials
import JWTKit
import Policy
import Synchronization

/// Checks JSON Web Tokens (RFC 7519): signature, issuer, dates. Audience and claims are compared by the policy. Foundation's essentials are
/// imported because JWTKit's interface speaks in their types.
///
/// What anybody can make up is looked at in the order of its cost: length, head, issuer, key, signature. Claims are read of a token alone that its
/// issuer signed.
package final class TokenVerifier: Sendable {
    /// Longer tokens are nobody's: Kubernetes' have about 1,200 bytes.
    package static let longestToken = 8 << 10
    /// How far the issuer's clock may be from ours, seconds.
    static let leeway: Double = 30
    /// Tokens whose check is remembered; a check costs as much as all the rest of a request.
    private static let rememberedTokens = 10_000
    /// Tokens that are remembered for a bad signature, so that one which comes again and again costs one check.
    private static let rememberedForgeries = 1_000
    /// Keys that one token may be tried with: it says nothing of its key where the issuer names none.
    private static let mostCandidates = 8

    /// What a token turns out to be.
    enum Verdict {
        case proven(CallerFacts.ProvenToken)
        /// Of an issuer that no caller names: none of our business.
        case foreign
        /// Signed with a key that the issuer may have published since, under a new name or in the place of another.
        case unknownKey(TokenAuthority)
    }

    private struct Remembered {
        let token: CallerFacts.ProvenToken
        let expires: Double
        let notBefore: Double
        let version: Int
    }

    package let authorities: [TokenAuthority]
    private let byIssuer: [String: TokenAuthority]
    private let longest: Int
    private let remembered = Mutex<[SHA256.Digest: Remembered]>([:])
    /// By token, the version of the keys of which none vouched for it.
    private let forgeries = Mutex<[SHA256.Digest: Int]>([:])

    /// - Parameter longest: bytes of a token, at most.
    package init(authorities: [TokenAuthority], longest: Int = TokenVerifier.longestToken) {
        self.authorities = authorities
        self.longest = longest
        byIssuer = Dictionary(authorities.map { ($0.issuer, $0) }) { first, _ in first }
    }

    func verify(_ text: some StringProtocol, now: Int64) throws(RecognitionFault) -> Verdict {
        guard text.utf8.count <= longest else { throw .tokenTooLong }
        let bytes = Array(text.utf8)
        let digest = SHA256.hash(data: bytes)
        if let known = remembered.withLock({ $0[digest] }), byIssuer[known.token.issuer]?.keys?.version == known.version {
            try TokenVerifier.judge(expires: known.expires, notBefore: known.notBefore, now: now)
            return .proven(known.token)
        }
        guard let parts = TokenParts(bytes) else { throw .unreadableToken }
        guard let issuer = parts.issuer, let authority = byIssuer[issuer] else { return .foreign }
        guard let algorithm = parts.head.alg, VerificationKeys.acceptedAlgorithms.contains(algorithm) else { throw .tokenAlgorithm }
        guard parts.head.crit == nil else { throw .incompleteToken }
        guard let (keys, version) = authority.keys else { return .unknownKey(authority) }
        let candidates = keys.candidates(id: parts.head.kid, algorithm: algorithm).prefix(TokenVerifier.mostCandidates)
        guard !candidates.isEmpty else { return .unknownKey(authority) }
        let isForged = forgeries.withLock { $0[digest] } == version
        guard !isForged, candidates.contains(where: { (try? $0.verify(parts.signature, signs: parts.signed)) == true }) else {
            rememberForgery(digest, version)
            // The issuer may have put another key in this one's place.
            if authority.mayRefresh(now: now) { return .unknownKey(authority) }
            throw .tokenSignature
        }
        let known = try claims(of: bytes, by: issuer, version: version)
        try TokenVerifier.judge(expires: known.expires, notBefore: known.notBefore, now: now)
        remember(known, as: digest)
        return .proven(known.token)
    }

    /// What a token says that its issuer signed.
    private func claims(of bytes: [UInt8], by issuer: String, version: Int) throws(RecognitionFault) -> Remembered {
        guard let token = try? DefaultJWTParser().parse(bytes, as: TokenClaims.self) else { throw .unreadableToken }
        guard token.payload.issuer == issuer, let expires = token.payload.expires else { throw .incompleteToken }
        return Remembered(
            token: CallerFacts.ProvenToken(issuer: issuer, audiences: token.payload.audiences, claims: token.payload.claims), expires: expires,
            notBefore: token.payload.notBefore ?? -.infinity, version: version)
    }

    private func rememberForgery(_ digest: SHA256.Digest, _ version: Int) {
        forgeries.withLock { forgeries in
            if forgeries.count >= TokenVerifier.rememberedForgeries { forgeries.removeAll(keepingCapacity: true) }
            forgeries[digest] = version
        }
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
