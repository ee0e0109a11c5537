import Testing

@testable import Sandbox

@Suite struct SignatureVerifierTests {
    private static func request(_ vector: SignatureVector) -> SandboxRequest {
        SandboxRequest(
            origin: .init(side: .hss, connection: 1, remoteHost: "127.0.0.1"), method: vector.method, target: vector.target,
            headers: vector.headers.map { HeaderField($0.0, $0.1) }, body: Array(vector.body.utf8), bodyLength: vector.body.utf8.count)
    }

    private static func verify(
        _ request: SandboxRequest, secretKey: String = SignatureVector.secretKey, now: Duration = RunningSandbox.moment,
        strict: Bool = false
    ) throws {
        guard case .sdk(let authorization) = SignedAuthorization.read(request.header("Authorization") ?? "") else {
            Issue.record("not an SDK signature")
            return
        }
        try SignatureVerifier(strictQuery: strict).verify(request, authorization, secretKey: secretKey, now: now)
    }

    @Test(arguments: SignatureVector.all, [false, true])
    func `accepts what the official Python signer makes`(vector: SignatureVector, strict: Bool) throws {
        try Self.verify(Self.request(vector), strict: strict)
    }

    @Test(arguments: SignatureVector.all)
    func `refuses a request with one changed byte anywhere that is signed`(vector: SignatureVector) {
        let good = Self.request(vector)
        var target = good
        target.target = String(good.target.dropLast()) + (good.target.hasSuffix("x") ? "y" : "x")
        var method = good
        method.method = "PATCH"
        var project = good
        project.headers[1].value = "1" + project.headers[1].value.dropFirst()
        var host = good
        host.headers[4].value = "hss.sandbox.test:8444"
        for changed in [target, method, project, host] {
            #expect(throws: SignatureVerifier.Rejection.self) { try Self.verify(changed) }
        }
        #expect(throws: SignatureVerifier.Rejection.self) { try Self.verify(good, secretKey: SignatureVector.secretKey + "x") }
        guard !vector.isUnsignedPayload else { return }
        var body = good
        body.body = Array((vector.body + " ").utf8)
        #expect(throws: SignatureVerifier.Rejection.self) { try Self.verify(body) }
    }

    @Test(arguments: [(-901, false), (-900, true), (0, true), (900, true), (901, false)])
    func `accepts a date up to fifteen minutes off`(seconds: Int, isAccepted: Bool) throws {
        let now = RunningSandbox.moment + .seconds(seconds)
        if isAccepted { return try Self.verify(Self.request(SignatureVector.all[0]), now: now) }
        let server = CivilTime(secondsSinceEpoch: now.wholeSeconds).compact
        #expect(throws: SignatureVerifier.Rejection.dateOutsideWindow(signed: "20261123T081530Z", server: server)) {
            try Self.verify(Self.request(SignatureVector.all[0]), now: now)
        }
    }

    @Test func `wants the date among the signed headers`() throws {
        var request = Self.request(SignatureVector.all[0])
        request.headers.removeAll { $0.name == "X-Sdk-Date" }
        #expect(throws: SignatureVerifier.Rejection.dateNotSigned) { try Self.verify(request) }
    }

    @Test func `refuses when a header that was signed is missing`() throws {
        var request = Self.request(SignatureVector.all[0])
        request.headers.removeAll { $0.name == "User-Agent" }
        #expect(throws: SignatureVerifier.Rejection.notReproducible) { try Self.verify(request) }
    }

    /// Recorded from Go's SDK: no Host among the signed headers, and an empty value without its `=`.
    @Test(arguments: [false, true])
    func `takes the key without a value that Go sends, unless strict`(strict: Bool) {
        let names = "user-agent;x-project-id;x-sdk-date"
        let request = Self.recorded(
            "/vulnerability/vulnerabilities?limit=10&vul_name", date: "20261123T214212Z", host: "127.0.0.1:38027",
            agent: "huaweicloud-usdk-go/3.0; os/Debian_GNU/Linux#12_(bookworm)#amd64 go/go1.19.8; app/fff75414-d74b-4f87-ac1c-28365506507d",
            authorization: (names, "d3611a40c5713257c05fc2c4333de7aa21162ee399797c2a546fd8bce2e68d20"))
        #expect(Self.accepts(request, strict: strict) == !strict)
    }

    /// Recorded from Java's SDK: the values of a repeated key are signed in the order of the call.
    @Test(arguments: [false, true])
    func `takes the unsorted values that Java signs, unless strict`(strict: Bool) {
        let query = "limit=10&category=host&event_types=4001&event_types=1002&event_types=3015&severity_list=High&severity_list=Critical"
        let request = Self.recorded(
            "/event/events?" + query, date: "20261123T214055Z", host: "127.0.0.1:42721",
            agent: "huaweicloud-usdk-java/3.0; os/Linux#6.18.44-fc-v669#amd64 java/Debian#17.0.15 "
                + "vm/OpenJDK_64-Bit_Server_VM#17.0.15+6-Debian-1deb12u1 meta/en_US; app/fff75414-d74b-4f87-ac1c-28365506507d",
            authorization: ("host;user-agent;x-project-id;x-sdk-date", "f023237374c44f240d5af52e521b82186221d24e45738e643baa2498df0d78ff"))
        #expect(Self.accepts(request, strict: strict) == !strict)
    }

    private static func accepts(_ request: SandboxRequest, strict: Bool) -> Bool {
        (try? verify(request, secretKey: "DUMMYSK", now: recordedNow, strict: strict)) != nil
    }

    private static let recordedNow = Duration.seconds(CivilTime(compact: "20261123T214200Z")?.secondsSinceEpoch ?? 0)

    private static func recorded(
        _ path: String, date: String, host: String, agent: String, authorization: (names: String, signature: String)
    ) -> SandboxRequest {
        let value = "SDK-HMAC-SHA256 Access=DUMMYAK, SignedHeaders=\(authorization.names), Signature=\(authorization.signature)"
        let headers = [
            HeaderField("Host", host), HeaderField("User-Agent", agent), HeaderField("X-Project-Id", RunningSandbox.project),
            HeaderField("X-Sdk-Date", date), HeaderField("Authorization", value),
        ]
        return SandboxRequest(
            origin: .init(side: .hss, connection: 1, remoteHost: "127.0.0.1"), method: "GET",
            target: "/v5/\(RunningSandbox.project)" + path,
            headers: headers, body: [], bodyLength: 0)
    }
}
