import Policy
import Testing

@testable import Credentials

@Suite struct SDKHMACSignerTests {
    /// Algorithms that no HSS call uses (protocol page a.10): the gateway doesn't sign with them, so their vectors don't apply.
    static let otherAlgorithms = ["V11-HMAC-SHA256": 19, "SDK-HMAC-SM3": 3]

    /// Quirks that are refused. The fourth one, an endpoint's path prefix that SDKs drop, is about building URLs: its
    /// signature is ordinary.
    static let refusedQuirks: [String: CanonicalRequestError] = [
        "raw/path/invalid-utf8-ff": .path, "raw/path/dot-segment": .path, "raw/header/case-duplicate-names": .repeatedHeader(name: "x-dup"),
    ]

    static let quirks = refusedQuirks.keys + ["sdk/host/endpoint-path-prefix-dropped"]

    @Test func `agrees with every vector of the official signer`() throws {
        let vectors = try SigningVector.all()
        var agreed = 0
        for vector in vectors where vector.algorithm == "SDK-HMAC-SHA256" && Self.refusedQuirks[vector.name] == nil {
            let time = try #require(SigningTime(text: vector.xSdkDate))
            let request = try CanonicalRequest(vector.unsigned)
            #expect(String(decoding: request.bytes, as: UTF8.self) == vector.canonicalRequest, "\(vector.name)")
            let stringToSign = SDKHMACSigner.stringToSign(for: request, at: SigningDate(time))
            #expect(String(decoding: stringToSign, as: UTF8.self) == vector.stringToSign, "\(vector.name)")
            #expect(SDKHMACSigner.sign(request, with: vector.key, at: time) == vector.authorization, "\(vector.name)")
            agreed += 1
        }
        #expect(agreed == 188)
        #expect(vectors.count == 213)
    }

    @Test func `leaves out only the algorithms that are not ours`() throws {
        var left: [String: Int] = [:]
        for vector in try SigningVector.all() where vector.algorithm != "SDK-HMAC-SHA256" {
            left[vector.algorithm, default: 0] += 1
        }
        #expect(left == Self.otherAlgorithms)
    }

    @Test func `refuses what the official signer does by accident`() throws {
        let vectors = try SigningVector.all().filter { $0.algorithm == "SDK-HMAC-SHA256" && $0.quirk == true }
        #expect(Set(vectors.map(\.name)) == Set(Self.quirks))
        for vector in vectors {
            guard let error = Self.refusedQuirks[vector.name] else { continue }
            #expect(throws: error, "\(vector.name)") { try CanonicalRequest(vector.unsigned) }
        }
    }

    /// Targets that the official signer signs and the gateway refuses from callers, each because two parsers could read it differently.
    static let refusedTargets: Set<String> = [
        "raw/path/trailing-slash", "raw/path/double-trailing-slash", "raw/path/encoded-slash", "raw/path/encoded-slash-lowercase-hex",
        "raw/path/literal-space", "raw/path/double-encoded", "raw/path/invalid-percent-zz", "raw/path/truncated-percent",
        "raw/path/combining",
        "raw/path/invalid-utf8-ff", "raw/path/pipe-caret-backtick-quote-backslash", "raw/path/dot-segment", "raw/path/control-encoded",
        "raw/query/newline-tab-nul", "raw/query/empty-key", "raw/query/surrogate-order-bmp-vs-astral", "sdk/poll/task-id-needs-escaping",
    ]

    @Test func `a caller's target is signed as the official signer would, or refused`() throws {
        var refused: Set<String> = []
        for vector in try SigningVector.all() where vector.algorithm == "SDK-HMAC-SHA256" {
            guard let target = try? RequestTarget(originForm: vector.sdkURI) else {
                // The random vectors contain control characters, brackets and quotation marks; most of them are refused.
                if !vector.name.hasPrefix("raw/fuzz/") { refused.insert(vector.name) }
                continue
            }
            let lines = vector.canonicalRequest.split(separator: "\n", omittingEmptySubsequences: false)
            let request = CredentialRequest(method: "GET", target: target, host: "h")
            let date = SigningDate(try #require(SigningTime(text: vector.xSdkDate)))
            let signed = CanonicalRequest(request, fields: try CanonicalFields(request), key: vector.key, date: date)
            let own = String(decoding: signed.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(own[1...2] == lines[1...2], "\(vector.name)")
        }
        #expect(refused == Self.refusedTargets)
    }

    @Test func `keeps secrets of every length around the block size apart`() throws {
        let request = try CanonicalRequest(
            UnsignedRequest(method: "GET", path: "/", headers: [SignedHeader("X-Sdk-Date", "20261123T081530Z")]))
        var seen: Set<String> = []
        for length in [0, 1, 63, 64, 65, 128] {
            let key = SigningKey(AccessKeyPair(accessKeyID: "AK", secretKey: Secret(String(repeating: "k", count: length))))
            let once = SDKHMACSigner.sign(request, with: key, at: SigningTime(secondsSinceEpoch: 0))
            #expect(once == SDKHMACSigner.sign(request, with: key, at: SigningTime(secondsSinceEpoch: 0)))
            seen.insert(once)
        }
        #expect(seen.count == 6)
    }

    @Test(arguments: ["a\r\nX-Injected: 1", "a\nb", "a\u{0}b", "a\u{7F}"])
    func `refuses a header value that is more than one line`(value: String) {
        let headers = [SignedHeader("X-Custom", value), SignedHeader("X-Sdk-Date", "20261123T081530Z")]
        #expect(throws: CanonicalRequestError.controlCharacter(name: "X-Custom")) {
            try CanonicalRequest(UnsignedRequest(method: "GET", path: "/", headers: headers))
        }
    }
}
