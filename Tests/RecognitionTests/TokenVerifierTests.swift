import Crypto
import Policy
import Synchronization
import Testing

@testable import Recognition

/// Tokens made by hand from RFC 7515 alone; those of another library are checked in `Tests/Clients`.
@Suite struct TokenVerifierTests {
    private static let now: Int64 = 1_790_000_000
    private static let issuer = "https://issuer.example"

    private static func base64(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        var (bits, value) = (0, 0)
        for byte in bytes {
            value = (value << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[value >> bits & 63])
            }
        }
        if bits > 0 { text.append(alphabet[value << (6 - bits) & 63]) }
        return text
    }

    private struct Key {
        let key = P256.Signing.PrivateKey()
        let id: String

        func jwk(_ extra: String = "") -> String {
            let raw = Array(key.publicKey.rawRepresentation)
            let (x, y) = (base64(raw[..<32]), base64(raw[32...]))
            return #"{"kty":"EC","crv":"P-256","kid":"\#(id)","x":"\#(x)","y":"\#(y)"\#(extra)}"#
        }

        func token(_ payload: String, header: String? = nil) throws -> String {
            let head = header ?? #"{"alg":"ES256","typ":"JWT","kid":"\#(id)"}"#
            let signed = base64(head.utf8) + "." + base64(payload.utf8)
            return signed + "." + base64(try key.signature(for: Array(signed.utf8)).rawRepresentation)
        }
    }

    private static func payload(_ more: String = "", expires: Int64 = now + 60) -> String {
        #"{"iss":"\#(issuer)","aud":["gateway","x"],"sub":"system:serviceaccount:sec:scanner","exp":\#(expires)\#(more)}"#
    }

    private func verifier(_ set: String) async throws -> TokenVerifier {
        let authority = TokenAuthority(issuer: Self.issuer, place: "test") { Array(set.utf8) }
        let fault = await authority.refresh(now: Self.now)
        try #require(fault == nil)
        return TokenVerifier(authorities: [authority])
    }

    private func token(_ verdict: TokenVerifier.Verdict) -> CallerFacts.ProvenToken? {
        if case .proven(let token) = verdict { token } else { nil }
    }

    @Test func `proves a token of Kubernetes' form and knows its claims, also the second time`() async throws {
        let key = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        let text = try key.token(Self.payload(#","kubernetes.io":{"namespace":"sec","pod":{"name":"p"}},"groups":["a","b"],"n":7,"ok":true"#))
        for _ in 0..<2 {
            let proven = try #require(token(try verifier.verify(text, now: Self.now)))
            #expect(proven.audiences == ["gateway", "x"])
            #expect(proven.claims["sub"] == ["system:serviceaccount:sec:scanner"])
            #expect(proven.claims["kubernetes.io/pod/name"] == ["p"])
            #expect(proven.claims["groups"] == ["a", "b"] && proven.claims["n"] == ["7"] && proven.claims["ok"] == ["true"])
        }
        // The cached result expires with the token.
        #expect(throws: RecognitionFault.tokenExpired) { try verifier.verify(text, now: Self.now + 91) }
        #expect(token(try verifier.verify(text, now: Self.now + 89)) != nil)
    }

    @Test func `refuses tokens that are forged, expired, early, or signed in another way`() async throws {
        let key = Key(id: "one")
        let other = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        func expect(_ fault: RecognitionFault, _ text: String) {
            #expect(throws: fault) { _ = try verifier.verify(text, now: Self.now) }
        }
        expect(.tokenSignature, try other.token(Self.payload()))
        let good = try key.token(Self.payload())
        let parts = good.split(separator: ".")
        expect(.tokenSignature, "\(parts[0]).\(Self.base64(Self.payload(#","admin":true"#).utf8)).\(parts[2])")
        expect(.tokenExpired, try key.token(Self.payload(expires: Self.now - 31)))
        expect(.tokenNotYetValid, try key.token(Self.payload(#","nbf":\#(Self.now + 31)"#)))
        for unreadable in [#""\#(Self.now + 31)""#, "null", "[]", "{}", "true"] {
            expect(.tokenNotYetValid, try key.token(Self.payload(#","nbf":\#(unreadable)"#)))
        }
        expect(.incompleteToken, try key.token(#"{"iss":"\#(Self.issuer)","aud":"gateway"}"#))
        expect(.incompleteToken, try key.token(Self.payload(), header: #"{"alg":"ES256","kid":"one","crit":["exp"]}"#))
        expect(.tokenAlgorithm, try key.token(Self.payload(), header: #"{"alg":"none"}"#))
        expect(.tokenAlgorithm, "\(Self.base64(#"{"alg":"none"}"#.utf8)).\(parts[1]).")
        expect(.unreadableToken, "a.b.c")
        expect(.unreadableToken, String(repeating: "a", count: 8_192))
        expect(.tokenTooLong, String(repeating: "a", count: 8_193))
        expect(.unreadableToken, "\(good).")
        // Unsigned claims are not evaluated: neither missing nor invalid ones are reported.
        expect(.tokenSignature, try other.token(Self.payload(expires: Self.now - 31)))
        expect(
            .tokenSignature,
            try other.token(#"{"iss":"\#(Self.issuer)","a":\#(String(repeating: "[", count: 100))\#(String(repeating: "]", count: 100))}"#))
        // The classic confusion attack: the public key's bytes as the secret of an HMAC.
        let head = Self.base64(#"{"alg":"HS256","kid":"one"}"#.utf8)
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(head).\(parts[1])".utf8), using: SymmetricKey(data: Array(key.jwk().utf8)))
        expect(.tokenAlgorithm, "\(head).\(parts[1]).\(Self.base64(code))")
    }

    @Test func `takes no interest in other issuers`() async throws {
        let key = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        guard case .foreign = try verifier.verify(key.token(#"{"iss":"x","exp":1}"#), now: Self.now) else {
            Issue.record("a foreign token was judged")
            return
        }
    }

    @Test func `fetches the keys once for a key id that nobody knows, and then not for a while`() async throws {
        let (old, new) = (Key(id: "old"), Key(id: "new"))
        let shared = Shared(#"{"keys":[\#(old.jwk())]}"#)
        let authority = TokenAuthority(issuer: Self.issuer, place: "test") { shared.load() }
        await authority.refresh(now: Self.now)
        let recogniser = Recogniser(tokens: TokenVerifier(authorities: [authority]))
        func recognise(_ text: String, now: Int64) throws -> Recognition {
            var request = PresentedRequest(method: "GET", target: "/v5/p") { [] }
            request.authorization = ["bearer \(text)"]
            return try recogniser.recognise(request, on: CallerFacts.ConnectionEvidence(address: nil, text: "unix"), proxies: [], now: now)
        }
        let text = try new.token(Self.payload(expires: Self.now + 1_000))
        #expect(throws: RecognitionFault.tokenSignature) { try recognise(text, now: Self.now + 9) }
        shared.replace(#"{"keys":[\#(old.jwk()),\#(new.jwk())]}"#)
        let waiting = try (0..<20).map { _ in try #require(recognise(text, now: Self.now + 10).token) }
        try await withThrowingTaskGroup { group in
            for claim in waiting { group.addTask { _ = try await claim.settle(now: Self.now + 10) } }
            try await group.waitForAll()
        }
        #expect(shared.count < 1 + 20)
        #expect(try recognise(text, now: Self.now + 11).facts.token != nil)
        #expect(throws: RecognitionFault.tokenSignature) { try recognise(Key(id: "third").token(Self.payload()), now: Self.now + 12) }
    }

    @Test func `fetches the keys once for a bad signature: another key may stand under the same name, or under none`() async throws {
        for named in [true, false] {
            let (old, new) = (Key(id: "one"), Key(id: "one"))
            let set = { (key: Key) in #"{"keys":[\#(named ? key.jwk() : key.jwk().replacing(#""kid":"one","#, with: ""))]}"# }
            let shared = Shared(set(old))
            let authority = TokenAuthority(issuer: Self.issuer, place: "test") { shared.load() }
            await authority.refresh(now: Self.now)
            let verifier = TokenVerifier(authorities: [authority])
            let header = named ? nil : #"{"alg":"ES256"}"#
            let text = try new.token(Self.payload(expires: Self.now + 1_000), header: header)
            shared.replace(set(new))
            // Not sooner than the last fetch allows.
            #expect(throws: RecognitionFault.tokenSignature) { try verifier.verify(text, now: Self.now + 9) }
            guard case .unknownKey(let asked) = try verifier.verify(text, now: Self.now + 10) else {
                Issue.record("the replaced key was not asked for")
                return
            }
            await asked.refresh(now: Self.now + 10)
            #expect(token(try verifier.verify(text, now: Self.now + 10)) != nil)
            // Invented signatures cause no more fetches than that.
            for _ in 0..<5 {
                let forged = try Key(id: "one").token(Self.payload(), header: header)
                #expect(throws: RecognitionFault.tokenSignature) { try verifier.verify(forged, now: Self.now + 11) }
            }
            #expect(shared.count == 2)
        }
    }

    @Test func `reads the issuer however its text is escaped`() async throws {
        let key = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        let escaped = Self.issuer.replacing("/", with: #"\/"#)
        let text = try key.token(#"{"iss":"\#(escaped)","exp":\#(Self.now + 60)}"#)
        #expect(token(try verifier.verify(text, now: Self.now))?.issuer == Self.issuer)
    }

    @Test func `takes no token with more claims than any issuer writes, before it has read them all`() async throws {
        let key = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        func claims(_ count: Int) -> String { (0..<count).map { #","c\#($0)":0"# }.joined() }
        #expect(token(try verifier.verify(try key.token(Self.payload(claims(100))), now: Self.now)) != nil)
        // Also where the issuer stands behind them, and whatever the names are.
        let nameless = String(repeating: #","":0"#, count: 200)
        for payload in [Self.payload(claims(200)), #"{"a":0\#(claims(200)),"iss":"\#(Self.issuer)"}"#, #"{"":0\#(nameless)}"#] {
            #expect(throws: RecognitionFault.unreadableToken) { try verifier.verify(try key.token(payload), now: Self.now) }
        }
    }

    @Test func `takes no token with a letter that Base64 for URLs doesn't have`() async throws {
        let key = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        let text = try key.token(Self.payload())
        for (part, letter) in [(0, "+"), (1, "/"), (2, "="), (1, "é"), (2, "%"), (0, " ")] {
            var parts = text.split(separator: ".").map(String.init)
            parts[part] = letter + parts[part].dropFirst()
            #expect(throws: RecognitionFault.unreadableToken) { try verifier.verify(parts.joined(separator: "."), now: Self.now) }
        }
        // A number of letters that no number of bytes has.
        #expect(throws: RecognitionFault.unreadableToken) { try verifier.verify("A." + text, now: Self.now) }
        #expect(throws: RecognitionFault.unreadableToken) { try verifier.verify("e30.AAAAA.AA", now: Self.now) }
    }

    @Test func `takes no token whose head or issuer stands twice, or whose head is no JSON to its end`() async throws {
        let key = Key(id: "one")
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        let faulty = [
            #"{"alg":"ES256","kid":"one","alg":"ES256"}"#, #"{"alg":"ES256","kid":"one","\u0061lg":"ES256"}"#, #"{"alg":"ES256","kid":"one"} {}"#,
            #"{"alg":"ES256","kid":"one""#, #"["alg"]"#, #"{"alg":"ES256","x":\#(String(repeating: "[", count: 500))"#,
        ]
        for header in faulty {
            #expect(throws: RecognitionFault.unreadableToken) { try verifier.verify(key.token(Self.payload(), header: header), now: Self.now) }
        }
        #expect(throws: RecognitionFault.unreadableToken) {
            try verifier.verify(key.token(Self.payload(#","iss":"\#(Self.issuer)""#)), now: Self.now)
        }
        #expect(token(try verifier.verify(key.token(Self.payload(), header: #" { "alg" : "ES256" } "#), now: Self.now)) != nil)
        // Read as far as it is JSON; what is signed is read to its end.
        #expect(throws: RecognitionFault.unreadableToken) { try verifier.verify(key.token(Self.payload() + "x"), now: Self.now) }
    }

    @Test func `verifies forged tokens up to a cost in a second, and each source's own`() async throws {
        let (key, other) = (P521.Signing.PrivateKey(), P521.Signing.PrivateKey())
        let raw = Array(key.publicKey.rawRepresentation)
        let set = #"{"keys":[{"kty":"EC","crv":"P-521","x":"\#(Self.base64(raw[..<66]))","y":"\#(Self.base64(raw[66...]))"}]}"#
        let verifier = try await verifier(set)
        func signed(_ key: P521.Signing.PrivateKey, _ number: Int = 0) throws -> String {
            let text = Self.base64(#"{"alg":"ES512"}"#.utf8) + "." + Self.base64(Self.payload(#","jti":\#(number)"#).utf8)
            return text + "." + Self.base64(try key.signature(for: Array(text.utf8)).rawRepresentation)
        }
        let good = try signed(key)
        #expect(token(try verifier.verify(good, from: "a", now: Self.now)) != nil)
        let most = (ForgeryAllowance.mostOfSource + VerificationKeys.cost(of: "ES512") - 1) / VerificationKeys.cost(of: "ES512")
        for number in 0..<most {
            #expect(throws: RecognitionFault.tokenSignature) { try verifier.verify(signed(other, number), from: "a", now: Self.now) }
        }
        #expect(throws: RecognitionFault.tooManyForgeries) { try verifier.verify(signed(other, 100), from: "a", now: Self.now) }
        // One that is known costs nothing, and neither does the same forgery once more.
        #expect(token(try verifier.verify(good, from: "a", now: Self.now)) != nil)
        #expect(throws: RecognitionFault.tokenSignature) { try verifier.verify(signed(other, 101), from: "b", now: Self.now) }
        #expect(token(try verifier.verify(signed(key, 1), from: "b", now: Self.now)) != nil)
        #expect(token(try verifier.verify(signed(key, 2), from: "a", now: Self.now + 1)) != nil)
    }

    @Test func `limits what forged tokens of the usual kind cost as well`() async throws {
        let (key, other) = (Key(id: "one"), Key(id: "one"))
        let verifier = try await verifier(#"{"keys":[\#(key.jwk())]}"#)
        for number in 0..<ForgeryAllowance.mostOfSource {
            #expect(throws: RecognitionFault.tokenSignature) {
                try verifier.verify(other.token(Self.payload(#","jti":\#(number)"#)), from: "a", now: Self.now)
            }
        }
        #expect(throws: RecognitionFault.tooManyForgeries) { try verifier.verify(other.token(Self.payload()), from: "a", now: Self.now) }
        #expect(token(try verifier.verify(key.token(Self.payload()), from: "b", now: Self.now)) != nil)
    }

    @Test func `tells a bounded number of sources of forgeries apart`() {
        let forgeries = ForgeryAllowance()
        for source in 0..<ForgeryAllowance.mostSources { forgeries.count(1, from: "\(source)", now: Self.now) }
        forgeries.count(ForgeryAllowance.mostOfSource, from: "one more", now: Self.now)
        #expect(forgeries.mayHaveAnother(from: "7", now: Self.now) && !forgeries.mayHaveAnother(from: "any other", now: Self.now))
        #expect(forgeries.mayHaveAnother(from: "any other", now: Self.now + 1))
    }

    /// A key set that changes, with the number of fetches.
    private final class Shared: Sendable {
        private let state: Mutex<(set: String, count: Int)>

        init(_ set: String) {
            state = Mutex((set, 0))
        }

        func load() -> [UInt8] {
            state.withLock { state in
                state.count += 1
                return Array(state.set.utf8)
            }
        }

        func replace(_ text: String) { state.withLock { $0.set = text } }
        var count: Int { state.withLock { $0.count } }
    }

    @Test(arguments: [
        ("", VerificationKeys.Fault.notAKeySet), ("{}", .notAKeySet), (#"{"keys":[]}"#, .noUsableKey),
        (#"{"keys":[{"kty":"oct","k":"AAAA","kid":"a"}]}"#, .noUsableKey),
        (#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"a"}]}"#, .noUsableKey),
        (#"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"AA","y":"AA","d":"AA"}]}"#, .privateKey),
        (String(repeating: " ", count: VerificationKeys.largestSet + 1), .tooLarge),
    ])
    func `says what is wrong with a key set`(text: String, fault: VerificationKeys.Fault) async {
        await #expect(throws: fault) { try await VerificationKeys(json: Array(text.utf8)) }
    }

    @Test func `passes over keys of a kind that it doesn't know and keys for encryption`() async throws {
        let (key, other) = (Key(id: "one"), Key(id: "two"))
        let set = #"{"keys":[{"kty":"oct","k":"AAAA"},\#(key.jwk(#","use":"sig","alg":"ES256""#)),\#(other.jwk(#","use":"enc""#))]}"#
        let verifier = try await verifier(set)
        #expect(token(try verifier.verify(key.token(Self.payload()), now: Self.now)) != nil)
        guard case .unknownKey = try verifier.verify(other.token(Self.payload()), now: Self.now) else {
            Issue.record("a key for encryption vouched for a token")
            return
        }
    }
}
