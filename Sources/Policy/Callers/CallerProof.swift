/// What proves a certain caller. An empty kind requires nothing.
package struct CallerProof: Sendable, Hashable {
    /// Whether all kinds that are not empty must hold, or one of them.
    package enum Quantity: Sendable, Hashable { case all, any }

    /// What a JSON Web Token must contain.
    package struct TokenRule: Sendable, Hashable {
        package let issuer: String
        package let audience: String
        /// Claims by name, each with the value that must be among the token's.
        package let claims: [String: String]

        package init(issuer: String, audience: String, claims: [String: String]) {
            self.issuer = issuer
            self.audience = audience
            self.claims = claims
        }

        func holds(for token: CallerFacts.ProvenToken) -> Bool {
            token.issuer == issuer && token.audiences.contains(audience)
                && claims.allSatisfy { token.claims[$0.key]?.contains($0.value) == true }
        }
    }

    /// Both sorts of key are one kind, because a request can't carry both.
    package var keys: Set<CallerFacts.ProvenKey.Kind> = []
    package var certificateNames: Set<CertificateName> = []
    package var token: TokenRule?
    package var networks: [Network] = []
    package var users: Set<UInt32> = []
    package var quantity = Quantity.all

    package init() {}

    /// The kinds by which the facts prove the caller; nil if they don't.
    func evaluate(_ facts: CallerFacts, caller: String) -> AuthenticationMethod? {
        var proven = AuthenticationMethod.anonymous
        var isMissing = false
        func note(_ holds: Bool, _ method: AuthenticationMethod) {
            if holds { proven.insert(method) } else { isMissing = true }
        }
        if !keys.isEmpty {
            let key = facts.key.flatMap { $0.caller == caller && keys.contains($0.kind) ? $0 : nil }
            note(key != nil, key?.kind == .virtual ? .virtualKey : .apiKey)
        }
        if let token { note(facts.token.map(token.holds) ?? false, .token) }
        if !certificateNames.isEmpty { note(facts.connection.certificateNames.contains(where: certificateNames.contains), .certificate) }
        if !users.isEmpty { note(facts.connection.userID.map(users.contains) ?? false, .unixUser) }
        if !networks.isEmpty { note(facts.address.map { address in networks.contains { $0.contains(address) } } ?? false, .cidr) }
        switch quantity {
        case .all: return isMissing || proven == .anonymous ? nil : proven
        case .any: return proven == .anonymous ? nil : proven
        }
    }
}
