import Credentials
import Policy
import Synchronization

@testable import Recognition

/// The time of the calls.
private let now: Int64 = 1_793_491_200

// MARK: - JSON Web Tokens

extension FuzzTarget {
    /// The issuer's public key; the private one signed the token `genuine` of the corpus and isn't stored.
    private static let keySet = """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"one","x":"ChNa_z-2rfc2ATD3dsP26jXVVSviRT3Z5ieQWzMzx6o","y":"SZY68qU2Ebiizbnj9kriO9Q45UJ7mhacDGdgCHtJ92w"}]}
        """
    private static let issuer = "https://issuer.example"
    /// The signed part of the only genuine token: its head and claims.
    private static let genuine =
        "eyJhbGciOiJFUzI1NiIsImtpZCI6Im9uZSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjpbImdhdGV3YXkiXSwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OnNlYzpzY2FubmVyIiwiZXhwIjoxNzkzNDk0ODAwLCJrdWJlcm5ldGVzLmlvIjp7Im5hbWVzcGFjZSI6InNlYyJ9fQ"
    private static let verifier = Mutex<TokenVerifier?>(nil)

    /// Reads the issuer's keys, which needs a task. Called before the first input.
    static func prepare() async {
        let authority = TokenAuthority(issuer: issuer, place: "fuzz") { Array(keySet.utf8) }
        guard await authority.refresh(now: now) == nil else { preconditionFailure("the key set can be read") }
        verifier.withLock { $0 = TokenVerifier(authorities: [authority]) }
    }

    static func readToken(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let verifier = verifier.withLock({ $0 }), let verdict = try? verifier.verify(text, now: now) else { return }
        guard case .proven(let token) = verdict else { return }
        precondition(token.issuer == issuer && text.hasPrefix(genuine + "."), "nobody is proven but by what the issuer signed")
    }
}

// MARK: - Authorization

extension FuzzTarget {
    private static let keyID = "HGVAAAAAAAAAAAAAAAAA"
    private static let body = Array(#"{"a":1}"#.utf8)
    /// The signature of the genuine request of the corpus, in hexadecimal.
    private static let signature = "886e2e149ce00fae2cac516ab462db0243691525f9236ccebc9c376cd4172eb3"
    private static let secrets = VirtualSecretKey(master: Secret(String(repeating: "k", count: 40)))
    private static let keys: CallerKeyRing = {
        var list = CallerKeyList()
        list.keys = [CallerKey(kind: .virtual, id: keyID, caller: "team", created: "t")]
        return CallerKeyRing(CallerKeyTable(list, secrets: secrets))
    }()

    /// The first line is the target, the second `Authorization`, the others are fields.
    static func readAuthorization(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 2 else { return }
        let fields = lines.dropFirst(2).compactMap { line in line.firstIndex(of: ":").map { (String(line[..<$0]), String(line[$0...].dropFirst(2))) }
        }
        if let header = SignatureHeader(lines[1]) {
            precondition(
                header.signature.count == 32 && Set(header.signedHeaders).count == header.signedHeaders.count, "one signature, each field once")
        }
        var request = PresentedRequest(method: "POST", target: lines[0]) { fields + [("Authorization", lines[1])] }
        request.authorization = [lines[1]]
        let recogniser = Recogniser(keys: keys)
        let evidence = CallerFacts.ConnectionEvidence(address: nil, text: "unix")
        guard let recognition = try? recogniser.recognise(request, on: evidence, proxies: [], now: now) else { return }
        precondition(recognition.facts.key == nil, "no key is good before its signature is checked")
        guard let claim = recognition.signature else { return }
        guard let proven = body.withUnsafeBytes({ try? claim.verify(payload: PayloadHash(of: $0), isForm: false, now: now) }) else { return }
        precondition(proven.key.id == keyID && lines[1].contains(signature), "nobody is proven but by a signature with the key")
        precondition((try? recogniser.replays.use(proven.signature, now: now)) != nil, "a signature is good once")
        precondition((try? recogniser.replays.use(proven.signature, now: now)) == nil, "and not twice")
    }
}
