/// Finds the callers that facts may prove without checking each of them: 1,000 callers cost a request as much as ten.
///
/// A caller is listed under its most specific kind, in this order: key, token, certificate, user, network; so a caller that needs a key and a network
/// is found by its key. A caller for which any one kind suffices is listed under each.
struct CallerIndex: Sendable {
    /// The lookup key for a token: the issuer, the audience, and one claim if the rule names any.
    private struct TokenSelector: Hashable {
        let issuer: String
        let audience: String
        let claim: String
        let value: String
    }

    private struct TokenKind: Hashable {
        let issuer: String
        let audience: String
    }

    private var byName: [String: Int] = [:]
    private var byToken: [TokenSelector: [Int]] = [:]
    /// The claims that distinguish the callers of one issuer and audience.
    private var claims: [TokenKind: Set<String>] = [:]
    private var byCertificateName: [CertificateName: [Int]] = [:]
    private var byUser: [UInt32: [Int]] = [:]
    private var networks = NetworkTable()

    mutating func insert(_ definition: CallerDefinition, at position: Int) {
        let proof = definition.proof
        let isAny = proof.quantity == .any
        var isPlaced = false
        func wants(_ isListed: Bool) -> Bool {
            guard isListed, isAny || !isPlaced else { return false }
            isPlaced = true
            return true
        }
        if wants(!proof.keys.isEmpty) { byName[definition.name] = position }
        if let token = proof.token, wants(true) { insert(token, at: position) }
        if wants(!proof.certificateNames.isEmpty) {
            for name in proof.certificateNames { byCertificateName[name, default: []].append(position) }
        }
        if wants(!proof.users.isEmpty) {
            for user in proof.users { byUser[user, default: []].append(position) }
        }
        if wants(!proof.networks.isEmpty) {
            for network in proof.networks { networks.insert(network, position) }
        }
    }

    private mutating func insert(_ rule: CallerProof.TokenRule, at position: Int) {
        let claim = rule.claims["sub"].map { ("sub", $0) } ?? rule.claims.min { $0.key < $1.key }.map { ($0.key, $0.value) } ?? ("", "")
        byToken[TokenSelector(issuer: rule.issuer, audience: rule.audience, claim: claim.0, value: claim.1), default: []].append(position)
        claims[TokenKind(issuer: rule.issuer, audience: rule.audience), default: []].insert(claim.0)
    }

    /// The caller that a key was made for.
    func candidate(for key: CallerFacts.ProvenKey) -> Int? { byName[key.caller] }

    /// In the configuration's order.
    func candidates(for token: CallerFacts.ProvenToken) -> [Int] {
        var found: Set<Int> = []
        for audience in token.audiences {
            for claim in claims[TokenKind(issuer: token.issuer, audience: audience)] ?? [] {
                for value in claim.isEmpty ? [""] : token.claims[claim] ?? [] {
                    let place = TokenSelector(issuer: token.issuer, audience: audience, claim: claim, value: value)
                    found.formUnion(byToken[place] ?? [])
                }
            }
        }
        return found.sorted()
    }

    /// The candidates by what the connection alone proves: the most specific kind first, then in the configuration's order.
    func candidates(for facts: CallerFacts) -> [Int] {
        var found = Set(facts.connection.certificateNames.flatMap { byCertificateName[$0] ?? [] }).sorted()
        if let user = facts.connection.userID { found += byUser[user] ?? [] }
        if let address = facts.address { found += networks.positions(of: address) }
        return found
    }
}

/// Finds the networks that contain an address, with one lookup for each prefix length in use.
struct NetworkTable: Sendable {
    private var byLength: [Int: [Pair: [Int]]] = [:]

    mutating func insert(_ network: Network, _ position: Int) {
        byLength[network.length, default: [:]][network.prefix.pair, default: []].append(position)
    }

    /// The positions inserted for networks that contain the address, in ascending order.
    func positions(of address: NetworkAddress) -> [Int] {
        byLength.flatMap { length, networks in networks[Network.masked(address, to: length)] ?? [] }.sorted()
    }
}
