import Testing

@testable import Policy

/// Which kinds of proof identify which caller, when several are listed, and when several are given.
@Suite struct CallerProofTests {
    private static let projects = ProjectDirectory([
        Project(name: "north", id: "n1", region: "r", enterpriseProjectID: "0")
    ])
    private static let issuer = "https://issuer.test"
    private static let rule = CallerProof.TokenRule(issuer: issuer, audience: "gateway", claims: ["sub": "robot"])

    /// Every kind that a caller can list, with a request's proof of it.
    private enum Kind: CaseIterable {
        case key, token, certificate, user, network

        func list(in proof: inout CallerProof) {
            switch self {
            case .key: proof.keys = [.api]
            case .token: proof.token = rule
            case .certificate: proof.certificateNames = [.uri("spiffe://corp.test/robot")]
            case .user: proof.users = [1_000]
            case .network: proof.networks = [Network("10.0.0.0/8")].compactMap(\.self)
            }
        }

        func show(in facts: inout CallerFacts, for caller: String) {
            switch self {
            case .key: facts.key = CallerFacts.ProvenKey(kind: .api, id: "id", caller: caller)
            case .token: facts.token = CallerFacts.ProvenToken(issuer: issuer, audiences: ["gateway"], claims: ["sub": ["robot"]])
            case .network:
                facts.address = NetworkAddress("10.1.2.3")
                facts.addressText = "10.1.2.3"
            case .certificate, .user: break
            }
        }

        var method: AuthenticationMethod {
            switch self {
            case .key: .apiKey
            case .token: .token
            case .certificate: .certificate
            case .user: .unixUser
            case .network: .cidr
            }
        }
    }

    private static func proof(_ kinds: [Kind], _ quantity: CallerProof.Quantity = .all) -> CallerProof {
        var proof = CallerProof()
        for kind in kinds { kind.list(in: &proof) }
        proof.quantity = quantity
        return proof
    }

    private static func facts(_ kinds: [Kind], of caller: String) -> CallerFacts {
        let evidence = CallerFacts.ConnectionEvidence(
            address: nil, text: "unix", certificateNames: kinds.contains(.certificate) ? [.uri("spiffe://corp.test/robot")] : [],
            userID: kinds.contains(.user) ? 1_000 : nil)
        var facts = CallerFacts(evidence)
        for kind in kinds { kind.show(in: &facts, for: caller) }
        return facts
    }

    private static func caller(_ facts: CallerFacts, among definitions: [CallerDefinition], anonymous: Bool = false) -> Caller? {
        try? Authenticator(callers: definitions, projects: projects).authenticate(facts, isAnonymousAllowed: anonymous)
    }

    private static func subsets<Element>(_ elements: [Element]) -> [[Element]] {
        elements.reduce([[]]) { sets, element in sets + sets.map { $0 + [element] } }
    }

    /// 32 lists of kinds × 32 sets of proofs × all or any, compared with the rule in one line each.
    @Test func `all listed kinds must hold, or one of them where any will do, and never none`() {
        for listed in Self.subsets(Kind.allCases) {
            for shown in Self.subsets(Kind.allCases) {
                let facts = Self.facts(shown, of: "one")
                let both = listed.filter(shown.contains)
                // A key or a token that the caller doesn't list identifies no caller: it is no proof of that caller.
                let strays = !both.contains(.key) && shown.contains(.key) || !both.contains(.token) && !both.contains(.key) && shown.contains(.token)
                for quantity in [CallerProof.Quantity.all, .any] {
                    let definition = CallerDefinition(name: "one", proof: Self.proof(listed, quantity), projects: ["north"])
                    let caller = Self.caller(facts, among: [definition])
                    let isProven = !strays && !both.isEmpty && (quantity == .any || both.count == listed.count)
                    #expect((caller != nil) == isProven, "\(quantity) of \(listed), shown \(shown)")
                    if let caller { #expect(caller.method == both.reduce(into: []) { $0.insert($1.method) }) }
                }
            }
        }
    }

    @Test func `who shows a key or a token is that caller or nobody, whatever else would prove another`() {
        let definitions = [
            CallerDefinition(name: "keyed", proof: Self.proof([.key]), projects: ["north"]),
            CallerDefinition(name: "near", proof: Self.proof([.network]), projects: ["north"]),
            CallerDefinition(name: "anonymous", isAnonymous: true, projects: ["north"]),
        ]
        #expect(Self.caller(Self.facts([.network], of: ""), among: definitions)?.name == "near")
        #expect(Self.caller(Self.facts([.network, .key], of: "keyed"), among: definitions)?.name == "keyed")
        for stray in [Self.facts([.network, .key], of: "near"), Self.facts([.network, .key], of: "gone"), Self.facts([.network, .token], of: "")] {
            #expect(Self.caller(stray, among: definitions, anonymous: true) == nil)
        }
    }

    @Test func `says that the proof is too little, not that nobody is known, when a key was good and the rest was not`() throws {
        let definition = CallerDefinition(name: "both", proof: Self.proof([.key, .network]), projects: ["north"])
        let authenticator = Authenticator(callers: [definition], projects: Self.projects)
        let facts = Self.facts([.key], of: "both")
        #expect(throws: Denial.insufficientProof(address: "unix")) { try authenticator.authenticate(facts, isAnonymousAllowed: true) }
        let nothing = Self.facts([], of: "both")
        #expect(throws: Denial.unknownCaller(address: "unix")) { try authenticator.authenticate(nothing, isAnonymousAllowed: false) }
    }

    @Test func `a virtual key proves nobody who lists API keys alone`() {
        let definition = CallerDefinition(name: "one", proof: Self.proof([.key]), projects: ["north"])
        var facts = Self.facts([], of: "one")
        facts.key = CallerFacts.ProvenKey(kind: .virtual, id: "id", caller: "one")
        #expect(Self.caller(facts, among: [definition], anonymous: true) == nil)
    }

    @Test func `a certificate or a user says more than an address, and the configuration's order decides between equals`() {
        let definitions = [
            CallerDefinition(name: "near", proof: Self.proof([.network]), projects: ["north"]),
            CallerDefinition(name: "near too", proof: Self.proof([.network]), projects: ["north"]),
            CallerDefinition(name: "user", proof: Self.proof([.user]), projects: ["north"]),
            CallerDefinition(name: "certified", proof: Self.proof([.certificate]), projects: ["north"]),
        ]
        #expect(Self.caller(Self.facts([.network], of: ""), among: definitions)?.name == "near")
        #expect(Self.caller(Self.facts([.network, .user], of: ""), among: definitions)?.name == "user")
        #expect(Self.caller(Self.facts([.network, .user, .certificate], of: ""), among: definitions)?.name == "certified")
    }

    @Test(arguments: [
        ("another issuer", "https://other.test", ["gateway"], ["sub": ["robot"]]), ("another audience", issuer, ["other"], ["sub": ["robot"]]),
        ("another subject", issuer, ["gateway"], ["sub": ["robots"]]), ("no subject", issuer, ["gateway"], [:]),
        ("the value in another claim", issuer, ["gateway"], ["groups": ["robot"]]),
    ])
    func `a token that says anything else proves nobody`(label: String, issuer: String, audiences: [String], claims: [String: [String]]) {
        let definition = CallerDefinition(name: "one", proof: Self.proof([.token]), projects: ["north"])
        var facts = Self.facts([], of: "one")
        facts.token = CallerFacts.ProvenToken(issuer: issuer, audiences: audiences, claims: claims)
        #expect(Self.caller(facts, among: [definition], anonymous: true) == nil, "\(label)")
    }
}
