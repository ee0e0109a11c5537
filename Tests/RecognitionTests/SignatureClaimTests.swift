import Credentials
import Policy
import Testing

@testable import Recognition

/// These are signed by the gateway's own signer, which is compared with the official one; the SDKs themselves are used in
/// `Tests/Clients`.
@Suite struct SignatureClaimTests {
    private static let id = "HGVAAAAAAAAAAAAAAAAA"
    private static let now: Int64 = 1_573_789_015
    private static let date = "20191115T033655Z"
    private static let body = #"{"a":1}"#

    private struct Setup {
        let recogniser: Recogniser
        let secret: VirtualSecretKey
    }

    private func setup() throws -> Setup {
        let secret = try #require(VirtualSecretKey(master: Secret(String(repeating: "k", count: 40))))
        var list = CallerKeyList()
        list.keys = [CallerKey(kind: .virtual, id: Self.id, caller: "team", created: "t")]
        return Setup(recogniser: Recogniser(keys: CallerKeyRing(CallerKeyTable(list, secrets: secret))), secret: secret)
    }

    /// Signs like an SDK, with a canonical text built by hand.
    private func authorization(_ setup: Setup, canonical: String, names: String, date: String = date) -> String {
        let digest = SHA256Text.of(canonical)
        let text = "SDK-HMAC-SHA256\n\(date)\n\(digest)"
        let signature = Array(text.utf8).withUnsafeBytes { setup.secret.signingKey(for: Self.id).authenticate($0) }
        let hexadecimal = signature.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return "SDK-HMAC-SHA256 Access=\(Self.id), SignedHeaders=\(names), Signature=\(hexadecimal)"
    }

    private static let canonical =
        "POST\n/v5/p/a%20b/\nk=&m=1&m=2\nhost:gw\nx-sdk-date:\(date)\n\nhost;x-sdk-date\n\(SHA256Text.of(body))"

    private func judge(
        _ setup: Setup, authorization: String, target: String = "/v5/p/a%20b?m=1&m=2&k", method: String = "POST", body: String = body,
        host: String = "gw", extra: [(String, String)] = [], now: Int64 = now, later: Int64? = nil
    ) throws -> CallerFacts.ProvenKey {
        var request = PresentedRequest(method: method, target: target) {
            [("Host", host), ("X-Sdk-Date", Self.date), ("Authorization", authorization)] + extra
        }
        request.authorization = [authorization]
        let evidence = CallerFacts.ConnectionEvidence(address: nil, text: "unix")
        let recognition = try setup.recogniser.recognise(request, on: evidence, proxies: [], now: now)
        let claim = try #require(recognition.signature)
        return try Array(body.utf8).withUnsafeBytes {
            let proven = try claim.verify(payload: PayloadHash(of: $0), isForm: false, now: later ?? now)
            _ = try setup.recogniser.replays.use(proven.signature, now: later ?? now)
            return proven.key
        }
    }

    @Test func `accepts what was signed, once`() throws {
        let setup = try setup()
        let header = authorization(setup, canonical: Self.canonical, names: "host;x-sdk-date")
        #expect(try judge(setup, authorization: header) == CallerFacts.ProvenKey(kind: .virtual, id: Self.id, caller: "team"))
        #expect(throws: RecognitionFault.replay) { try judge(setup, authorization: header) }
    }

    @Test func `refuses whatever was changed on the way`() throws {
        let setup = try setup()
        let header = authorization(setup, canonical: Self.canonical, names: "host;x-sdk-date")
        let mismatch = RecognitionFault.signatureMismatch
        #expect(throws: mismatch) { try judge(setup, authorization: header, target: "/v5/p/a%20b?m=1&m=3&k") }
        #expect(throws: mismatch) { try judge(setup, authorization: header, target: "/v5/p/a%20c?m=1&m=2&k") }
        #expect(throws: mismatch) { try judge(setup, authorization: header, target: "/v5/p/a%20b?m=1&m=2") }
        #expect(throws: mismatch) { try judge(setup, authorization: header, method: "PUT") }
        #expect(throws: mismatch) { try judge(setup, authorization: header, body: #"{"a":2}"#) }
        #expect(throws: mismatch) { try judge(setup, authorization: header, host: "gw2") }
        let flipped = header.dropLast() + (header.last == "0" ? "1" : "0")
        #expect(throws: mismatch) { try judge(setup, authorization: String(flipped)) }
        // None of these may have used the signature.
        #expect(try judge(setup, authorization: header).caller == "team")
    }

    @Test func `takes the values of one name sorted as Go and Python do, or as they came as Java does`() throws {
        for query in ["m=2&m=1", "m=1&m=2"] {
            let setup = try setup()
            let canonical = "GET\n/v5/p/\n\(query)\nx-sdk-date:\(Self.date)\n\nx-sdk-date\n\(SHA256Text.of(""))"
            let header = authorization(setup, canonical: canonical, names: "x-sdk-date")
            #expect(try judge(setup, authorization: header, target: "/v5/p?m=2&m=1", method: "GET", body: "").caller == "team")
        }
    }

    @Test func `takes a path whose escapes were escaped once more for the signature, as Node does`() throws {
        for (sent, signed) in [("/v5/%7Bproject_id%7D/a", "/v5/%257Bproject_id%257D/a/"), ("/v5/p/a%20b", "/v5/p/a%2520b/")] {
            let setup = try setup()
            let canonical = "GET\n\(signed)\nm=%20\nx-sdk-date:\(Self.date)\n\nx-sdk-date\n\(SHA256Text.of(""))"
            let header = authorization(setup, canonical: canonical, names: "x-sdk-date")
            #expect(throws: RecognitionFault.signatureMismatch) {
                try judge(setup, authorization: header, target: "/v5/q?m=%20", method: "GET", body: "")
            }
            #expect(try judge(setup, authorization: header, target: sent + "?m=%20", method: "GET", body: "").caller == "team")
        }
    }

    @Test func `says what a signature covers`() throws {
        let setup = try setup()
        let names = "x-sdk-content-sha256;x-sdk-date"
        var request = PresentedRequest(method: "POST", target: "/v5/p") {
            [("X-Sdk-Date", Self.date), ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"), ("X-Audit-Reason", "INC-7")]
        }
        request.authorization = [authorization(setup, canonical: "", names: names)]
        let evidence = CallerFacts.ConnectionEvidence(address: nil, text: "unix")
        let claim = try #require(try setup.recogniser.recognise(request, on: evidence, proxies: [], now: Self.now).signature)
        #expect(claim.covers("x-sdk-date") && !claim.covers("host") && !claim.covers("x-audit-reason") && claim.leavesBodyOut)
    }

    @Test func `lets only a form go unsigned`() throws {
        let setup = try setup()
        let names = "x-sdk-content-sha256;x-sdk-date"
        let canonical =
            "POST\n/v5/p/\n\nx-sdk-content-sha256:UNSIGNED-PAYLOAD\nx-sdk-date:\(Self.date)\n\n\(names)\nUNSIGNED-PAYLOAD"
        let header = authorization(setup, canonical: canonical, names: names)
        let extra = [("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")]
        #expect(throws: RecognitionFault.unsignedBody) { try judge(setup, authorization: header, target: "/v5/p", extra: extra) }
    }

    @Test(arguments: [(Int64(900), true), (901, false), (-900, true), (-901, false)])
    func `accepts dates up to fifteen minutes off`(offset: Int64, passes: Bool) throws {
        let setup = try setup()
        let header = authorization(setup, canonical: Self.canonical, names: "host;x-sdk-date")
        if passes {
            #expect(try judge(setup, authorization: header, now: Self.now + offset).caller == "team")
        } else {
            #expect(throws: RecognitionFault.dateOutsideWindow) { try judge(setup, authorization: header, now: Self.now + offset) }
        }
    }

    @Test func `judges the date again when the body took its time`() throws {
        let setup = try setup()
        let header = authorization(setup, canonical: Self.canonical, names: "host;x-sdk-date")
        #expect(throws: RecognitionFault.dateOutsideWindow) { try judge(setup, authorization: header, later: Self.now + 901) }
    }

    @Test func `refuses a signed field that is missing or repeated, and a date that isn't signed`() throws {
        let setup = try setup()
        let fault = RecognitionFault.unsignedDate
        #expect(throws: fault) { try judge(setup, authorization: authorization(setup, canonical: "", names: "host")) }
        #expect(throws: fault) { try judge(setup, authorization: authorization(setup, canonical: "", names: "host;region;x-sdk-date")) }
        let header = authorization(setup, canonical: Self.canonical, names: "host;x-sdk-date")
        #expect(throws: fault) { try judge(setup, authorization: header, extra: [("host", "gw")]) }
    }

    @Test func `names the fault of what means to be ours and leaves the rest alone`() throws {
        let setup = try setup()
        func recognise(_ authorization: String) throws -> Recognition {
            var request = PresentedRequest(method: "GET", target: "/v5/p") { [] }
            request.authorization = [authorization]
            return try setup.recogniser.recognise(request, on: CallerFacts.ConnectionEvidence(address: nil, text: "unix"), proxies: [], now: Self.now)
        }
        #expect(throws: RecognitionFault.unknownKey) {
            try recognise("SDK-HMAC-SHA256 Access=HGVBBBBBBBBBBBBBBBBB, SignedHeaders=x-sdk-date, Signature=\(SHA256Text.of(""))")
        }
        #expect(throws: RecognitionFault.unreadableSignature) {
            try recognise("V11-HMAC-SHA256 Credential=\(Self.id)/20191115/r/s, SignedHeaders=a, Signature=b")
        }
        #expect(throws: RecognitionFault.unreadableSignature) {
            try recognise("SDK-HMAC-SHA256 Access=\(Self.id), SignedHeaders=x-sdk-date, Signature=zz")
        }
        #expect(throws: RecognitionFault.unknownKey) { try recognise("Bearer hssgw_nonsense") }
        let names = (0..<2_000).map { "x-\($0)" }.joined(separator: ";")
        #expect(throws: RecognitionFault.unreadableSignature) {
            try recognise("SDK-HMAC-SHA256 Access=\(Self.id), SignedHeaders=\(names), Signature=\(SHA256Text.of(""))")
        }
        #expect(throws: RecognitionFault.unreadableSignature) {
            try recognise("Digest Access=HGVX, Access=\(Self.id), \(String(repeating: "=", count: 9_000))")
        }
        for foreign in [
            "Access=HGV", "Basic \(String(repeating: "Access=HGV", count: 900))", "Access =\(Self.id)", "cess=\(Self.id)",
            "Access=\(Self.id.lowercased())",
            "SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=host, Signature=0", "Bearer opaque", "Basic dTpw", "", "Bearer a.b.c",
        ] {
            #expect(try recognise(foreign).isConnectionAlone, "\(foreign)")
        }
    }
}
