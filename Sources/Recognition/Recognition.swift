package import Policy

/// How far the sender of a request is known. `facts` are proven; what is open is judged later: a signature when the body is there, a token
/// when its issuer's keys were fetched.
package struct Recognition: Sendable {
    /// A token whose signature nobody could judge, because its key isn't known yet.
    package struct TokenClaim: Sendable {
        private let text: String
        private let authority: TokenAuthority
        private let verifier: TokenVerifier

        init(text: String, authority: TokenAuthority, verifier: TokenVerifier) {
            self.text = text
            self.authority = authority
            self.verifier = verifier
        }

        /// Asks the issuer for its keys, at most once for all that wait, and judges anew.
        package func settle(now: Int64) async throws(RecognitionFault) -> CallerFacts.ProvenToken {
            await authority.refresh(now: now)
            switch try verifier.verify(text, now: now) {
            case .proven(let token): return token
            case .foreign: throw .unreadableToken
            case .unknownKey: throw authority.keys == nil ? .keysUnavailable : .tokenSignature
            }
        }
    }

    package var facts: CallerFacts
    /// Whether the request showed nothing, so that the connection's own answer holds.
    package var isConnectionAlone = true
    package var signature: SignatureClaim?
    package var token: TokenClaim?

    package var isComplete: Bool { signature == nil && token == nil }

    package init(facts: CallerFacts) {
        self.facts = facts
    }
}
