import Foundation
import Policy
import Testing

@testable import Credentials

@Suite struct CredentialHeadersTests {
    static let requests = 3000

    @Test(.timeLimit(.minutes(10)))
    func `the official signer comes to the same signature for whatever callers send`() throws {
        let seed = ProcessInfo.processInfo.environment["HSSGW_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...UInt64(UInt32.max))
        print("seed \(seed): set HSSGW_TEST_SEED to repeat this run")
        var generator = RequestGenerator(seed: seed)
        var cases: [SigningOracle.Case] = []
        var ours: [String] = []
        for _ in 0..<Self.requests {
            let example = try generator.next()
            let fields = try Fields(.signingKey(SigningKey(example.pair)), example.request, at: example.time)
            ours.append(try #require(fields["Authorization"]))
            cases.append(Self.received(example, with: fields))
        }
        let answers = try SigningOracle.sign(cases)
        #expect(answers.count == cases.count)
        for (index, answer) in answers.enumerated() {
            try #require(answer.authorization == ours[index], "seed \(seed), request \(index): \(cases[index].target)")
            try #require(answer.uri == cases[index].target, "seed \(seed), request \(index)")
        }
    }

    /// A request as a server receives it, reduced to the signed headers.
    private static func received(_ example: borrowing RequestGenerator.Example, with fields: Fields) -> SigningOracle.Case {
        var headers = [["Host", example.request.host]]
        if let type = example.request.contentType { headers.append(["Content-Type", type]) }
        if let region = example.request.region { headers.append(["region", region]) }
        headers += fields.all.filter { $0.name != "Authorization" }.map { [$0.name, $0.value] }
        return SigningOracle.Case(
            method: example.request.method, host: example.request.host, target: example.request.target.pathAndQuery, headers: headers,
            body: Data(example.body), ak: example.pair.accessKeyID, sk: example.secretKey
        )
    }

    private static func request(_ raw: String = "/v5/p/image/baseline/export") throws -> CredentialRequest {
        CredentialRequest(method: "POST", target: try RequestTarget(originForm: raw), host: "hss.cn-north-4.myhuaweicloud.com")
    }

    private static let time = SigningTime(secondsSinceEpoch: 1_795_421_730)
    private static let pair = AccessKeyPair(accessKeyID: "HPUAEXAMPLE", secretKey: Secret("sk"), securityToken: Secret("temporary"))

    @Test func `a temporary key signs project, region, media type and its token`() throws {
        var request = try Self.request()
        request.contentType = "application/json"
        request.region = "cn-north-4"
        request.projectID = "p"
        let fields = try Fields(.signingKey(SigningKey(Self.pair)), request, at: Self.time)
        #expect(fields.all.map(\.name) == ["X-Sdk-Date", "X-Project-Id", "X-Security-Token", "Authorization"])
        #expect(fields["X-Sdk-Date"] == "20261123T081530Z")
        #expect(fields["X-Project-Id"] == "p")
        #expect(fields["X-Security-Token"] == "temporary")
        let start =
            "SDK-HMAC-SHA256 Access=HPUAEXAMPLE, SignedHeaders="
            + "content-type;host;region;x-project-id;x-sdk-date;x-security-token, Signature="
        #expect(fields["Authorization"]?.hasPrefix(start) == true)
    }

    @Test func `a body that is not JSON is declared unsigned`() throws {
        var request = try Self.request()
        request.contentType = "multipart/form-data; boundary=x"
        request.payload = PayloadHash(of: UnsafeRawBufferPointer(start: nil, count: 0))
        var fields = try Fields(.signingKey(SigningKey(Self.pair)), request, at: Self.time)
        #expect(fields["X-Sdk-Content-Sha256"] == "UNSIGNED-PAYLOAD")
        #expect(fields["Authorization"]?.contains("x-sdk-content-sha256;x-sdk-date") == true)
        request.contentType = "application/json"
        fields = try Fields(.signingKey(SigningKey(Self.pair)), request, at: Self.time)
        #expect(fields["X-Sdk-Content-Sha256"] == nil)
    }

    @Test func `a token goes alone`() throws {
        var request = try Self.request()
        request.projectID = "p"
        let fields = try Fields(.token(Secret("MIIEtoken")), request, at: Self.time)
        #expect(fields.all.map(\.name) == ["X-Auth-Token"])
        #expect(fields["X-Auth-Token"] == "MIIEtoken")
    }

    @Test func `a forged header line is not signed`() throws {
        var request = try Self.request()
        request.region = "a\nx-sdk-date:20200101T000000Z"
        #expect(throws: CredentialError.request(.controlCharacter(name: "region"))) {
            try Fields(.signingKey(SigningKey(Self.pair)), request, at: Self.time)
        }
    }

    @Test func `an explanation shows everything but what could be replayed`() throws {
        var request = try Self.request("/v5/p/x?limit=1")
        request.contentType = "application/json"
        let material = CredentialMaterial.signingKey(SigningKey(Self.pair))
        let explanation = try #require(try material.explain(request, at: Self.time))
        let lines = explanation.canonicalRequest.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.prefix(3) == ["POST", "/v5/p/x/", "limit=1"])
        #expect(lines.contains("x-security-token:<secret>"))
        #expect(lines.suffix(3).map(String.init) == ["", "content-type;host;x-sdk-date;x-security-token", PayloadHash.empty.text])
        let signature = try #require(try Fields(material, request, at: Self.time)["Authorization"]).suffix(64)
        #expect(explanation.authorization.hasSuffix("Signature=\(signature.prefix(8))…"))
        for text in [explanation.canonicalRequest, explanation.authorization] {
            #expect(!text.contains("temporary"))
            #expect(!text.contains(signature))
            #expect(!text.contains("HPUAEXAMPLE"))
        }
        #expect(try CredentialMaterial.token(Secret("t")).explain(request, at: Self.time) == nil)
    }
}

/// The fields added by a credential, as text.
struct Fields {
    private(set) var all: [(name: String, value: String)] = []

    init(_ material: CredentialMaterial, _ request: borrowing CredentialRequest, at time: SigningTime) throws(CredentialError) {
        var all: [(String, String)] = []
        try material.headers(for: request, at: time).forEachField { name, value in
            all.append((name.description, String(decoding: value, as: UTF8.self)))
        }
        self.all = all
    }

    subscript(name: String) -> String? { all.first { $0.name == name }?.value }
}
