package import Policy

/// The state of recognising a request's sender. `facts` are proven; the rest is verified later: a signature once the body has arrived, a token once
/// its issuer's keys were fetched.
package struct Recognition: Sendable {
    /// A token whose signature could not be verified yet, because its key isn't known.
    package struct TokenClaim: Sendable {
        private let text: String
        private let authority: TokenAuthority
        private let verifier: TokenVerifier
        private let source: String

        init(text: String, authority: TokenAuthority, verifier: TokenVerifier, source: String) {
            self.source = source
            self.text = text
            self.authority = authority
            self.verifier = verifier
        }

        /// Fetches the issuer's keys, at most once for all waiting requests, and verifies again.
        package func settle(now: Int64) async throws(RecognitionFault) -> CallerFacts.ProvenToken {
            await authority.refresh(now: now)
            switch try verifier.verify(text, from: source, now: now) {
            case .proven(let token): return token
            case .foreign: throw .unreadableToken
            case .unknownKey: throw authority.keys == nil ? .keysUnavailable : .tokenSignature
            }
        }
    }

    package var facts: CallerFacts
    /// Whether the request has no credentials, so that the result for the connection applies.
    package var isConnectionAlone = true
    package var signature: SignatureClaim?
    package var token: TokenClaim?

    package var isComplete: Bool { signature == nil && token == nil }

    package init(facts: CallerFacts) {
        self.facts = facts
    }
}
