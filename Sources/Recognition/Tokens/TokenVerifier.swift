import Crypto
import FoundationEssentials
import JWTKit
import Policy
import Synchronization

/// Checks JSON Web Tokens (RFC 7519): signature, issuer, dates. The policy compares audience and claims. Foundation's essentials are imported because
/// JWTKit's interface speaks in their types.
///
/// What an attacker can forge is checked in the order of its cost: length, head, issuer, key, signature. Claims are read only after the issuer's
/// signature was verified.
package final class TokenVerifier: Sendable {
    /// Longer tokens are refused; those of Kubernetes have about 1,200 bytes.
    package static let longestToken = 8 << 10
    /// How far the issuer's clock may be from ours, seconds.
    static let leeway: Double = 30
    /// Number of verified tokens that are cached; a verification costs as much as the rest of a request.
    private static let rememberedTokens = 10_000
    /// Number of tokens with a bad signature that are cached, so that a repeated one costs only one verification.
    private static let rememberedForgeries = 1_000
    /// Number of keys that one token is tried with, because a token doesn't name its key if the issuer's keys have no ids.
    private static let mostCandidates = 8

    /// The result of verifying a token.
    enum Verdict {
        case proven(CallerFacts.ProvenToken)
        /// From an issuer that no caller names; ignored.
        case foreign
        /// Signed with a key that the issuer may have published since, under a new id or replacing another key.
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
    /// By token, the version of the key set of which no key matched its signature.
    private let forgeries = Mutex<[SHA256.Digest: Int]>([:])
    private let allowance = ForgeryAllowance()

    /// - Parameter longest: maximum length of a token, bytes.
    package init(authorities: [TokenAuthority], longest: Int = TokenVerifier.longestToken) {
        self.authorities = authorities
        self.longest = longest
        byIssuer = Dictionary(authorities.map { ($0.issuer, $0) }) { first, _ in first }
    }

    /// - Parameter source: the network that the token came from.
    func verify(_ text: some StringProtocol, from source: String = "", now: Int64) throws(RecognitionFault) -> Verdict {
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
        guard !parts.head.hasCritical else { throw .incompleteToken }
        guard let (keys, version) = authority.keys else { return .unknownKey(authority) }
        let candidates = keys.candidates(id: parts.head.kid, algorithm: algorithm).prefix(TokenVerifier.mostCandidates)
        guard !candidates.isEmpty else { return .unknownKey(authority) }
        let isForged = forgeries.withLock { $0[digest] } == version
        if !isForged, !allowance.mayHaveAnother(from: source, now: now) { throw .tooManyForgeries }
        guard !isForged, candidates.contains(where: { (try? $0.verify(parts.signature, signs: parts.signed)) == true }) else {
            rememberForgery(digest, version)
            // Bounded: a few keys at a small cost each.
            if !isForged { allowance.count(VerificationKeys.cost(of: algorithm) * candidates.count, from: source, now: now) }
            // The issuer may have replaced this key.
            if authority.mayRefresh(now: now) { return .unknownKey(authority) }
            throw .tokenSignature
        }
        let known = try claims(of: bytes, by: issuer, version: version)
        try TokenVerifier.judge(expires: known.expires, notBefore: known.notBefore, now: now)
        remember(known, as: digest)
        return .proven(known.token)
    }

    /// The claims of a token that was verified.
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
            // A full cache is cleared: that costs one more verification per token, but no bookkeeping until then.
            if tokens.count >= TokenVerifier.rememberedTokens { tokens.removeAll(keepingCapacity: true) }
            tokens[digest] = token
        }
    }
}
