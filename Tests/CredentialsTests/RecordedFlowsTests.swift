import Foundation
import Policy
import Testing

@testable import Credentials

/// Compares each source of temporary keys, request for request, with recorded requests of the official Python
/// SDK.
@Suite struct RecordedFlowsTests {
    private static func place(_ exchange: ScriptedExchange) -> IAMContext {
        IAMContext(
            iam: IAMEndpoint(url: "https://iam.test", host: "iam.test"), sts: IAMEndpoint(url: "https://sts.test", host: "sts.test"),
            exchange: exchange, clock: ClockOffset(), wall: { .seconds(1_795_421_730) }
        )
    }

    private static let machine = IAMEndpoint(url: "http://127.0.0.1:1", host: "127.0.0.1:1")

    private func expect(
        _ asked: [ScriptedExchange.Asked], toBe names: [String], but changes: [String: String] = [:], location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(asked.count == names.count, sourceLocation: location)
        for (asked, name) in zip(asked, names) {
            let recorded = try RecordedRequest(name)
            #expect(asked.method == recorded.method && asked.target == recorded.target, "\(name)", sourceLocation: location)
            var fields = RecordedRequest.meaning(recorded.fields)
            for (name, value) in changes where fields[name] != nil { fields[name] = value }
            #expect(RecordedRequest.meaning(asked.fields) == fields, "\(name)", sourceLocation: location)
            #expect(try json(asked.body) == json(recorded.body), "\(name)", sourceLocation: location)
        }
    }

    private func json(_ text: String) throws -> NSDictionary? {
        guard !text.isEmpty else { return nil }
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
    }

    private func expectTemporaryKeys(_ fetched: FetchedMaterial) throws {
        guard case .signingKey(let key) = fetched.material else {
            Issue.record("no keys")
            return
        }
        #expect(key.accessKeyID == "TMPAK")
        #expect(try #require(key.securityToken).isEqual(to: Secret("TMPSECTOKEN")))
        // The key gives the same signature as one made of the same text, so the escaped slash was decoded.
        let other = SigningKey(AccessKeyPair(accessKeyID: "TMPAK", secretKey: Secret("TMP/SK")))
        let message = Array("m".utf8)
        #expect(message.withUnsafeBytes { key.authenticate($0) } == message.withUnsafeBytes { other.authenticate($0) })
    }

    @Test func `federation with IAM`() async throws {
        let exchange = ScriptedExchange([ScriptedExchange.answer(201, #"{"token":{}}"#, token: "MIIUNSCOPED"), ScriptedExchange.keys()])
        let fetcher = FederationFetcher(
            identityProvider: "my-idp", idToken: .value(Secret("eyJhbGciOiJ.dummy.token")), place: Self.place(exchange))
        try expectTemporaryKeys(try await fetcher.fetch())
        try expect(exchange.asked, toBe: ["py-30-flow-idtoken-federation.1", "py-30-flow-idtoken-federation.2"])
        #expect(exchange.asked.map(\.host) == ["iam.test", "iam.test"])
    }

    @Test func `the metadata service with a session token`() async throws {
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, "METATOKEN=="), ScriptedExchange.keys(200), ScriptedExchange.keys(200)])
        let fetcher = MetadataFetcher(endpoint: Self.machine, place: Self.place(exchange), uptime: { .zero })
        try expectTemporaryKeys(try await fetcher.fetch())
        try expect(exchange.asked, toBe: ["py-31-flow-ecs-metadata.1", "py-31-flow-ecs-metadata.2"])
        _ = try await fetcher.fetch()
        #expect(exchange.asked.count == 3, "the session goes on")
    }

    @Test(arguments: [404, 405, 503]) func `the metadata service without session tokens`(status: Int) async throws {
        let exchange = ScriptedExchange([ScriptedExchange.answer(status), ScriptedExchange.keys(200), ScriptedExchange.keys(200)])
        let clock = HandClock()
        let fetcher = MetadataFetcher(endpoint: Self.machine, place: Self.place(exchange), uptime: { clock.now })
        try expectTemporaryKeys(try await fetcher.fetch())
        try expect(exchange.asked, toBe: ["py-32-flow-ecs-metadata-v1-fallback.1", "py-32-flow-ecs-metadata-v1-fallback.2"])
        _ = try await fetcher.fetch()
        #expect(exchange.asked.map(\.method) == ["PUT", "GET", "GET"], "it is not asked for a token again before a day has passed")
        clock.advance(by: .seconds(86_400))
        _ = try? await fetcher.fetch()
        #expect(exchange.asked[3].method == "PUT")
    }

    @Test func `a session that the metadata service has forgotten is begun anew, once`() async throws {
        let exchange = ScriptedExchange([
            ScriptedExchange.answer(200, "OLD=="), ScriptedExchange.answer(401), ScriptedExchange.answer(200, "NEW=="), ScriptedExchange.keys(200),
        ])
        _ = try await MetadataFetcher(endpoint: Self.machine, place: Self.place(exchange), uptime: { .zero }).fetch()
        #expect(exchange.asked.map { $0.fields["X-Metadata-Token"] } == [nil, "OLD==", nil, "NEW=="])
    }

    @Test func `a machine without an agency is told so at once`() async throws {
        let exchange = ScriptedExchange([
            ScriptedExchange.answer(200, "T=="), ScriptedExchange.answer(401, "Please configure Cloud Service Agency first"),
        ])
        let fetcher = MetadataFetcher(endpoint: Self.machine, place: Self.place(exchange), uptime: { .zero })
        let fault = await #expect(throws: IAMFault.self) { try await fetcher.fetch() }
        #expect(fault?.sentence.contains("give the machine an agency") == true)
        #expect(exchange.asked.count == 2)
    }

    @Test func `STS against an identity token`() async throws {
        let keys = #""access_key_id":"TMPAK","secret_access_key":"TMP/SK","security_token":"TMPSECTOKEN""#
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, #"{"credentials":{\#(keys),"expiration":"2099-01-01T00:00:00Z"}}"#)])
        let role = AssumedRole(
            providerURN: "iam::acct:oidc-provider:p", agencyURN: "iam::acct:agency:a", sessionName: "oidc-sts-session", duration: .seconds(3_600))
        let fetcher = AssumedRoleFetcher(role: role, idToken: .value(Secret("eyJ.dummy")), place: Self.place(exchange))
        try expectTemporaryKeys(try await fetcher.fetch())
        try expect(exchange.asked, toBe: ["py-33-flow-oidc-sts.1"])
        #expect(exchange.asked.map(\.host) == ["sts.test"])
    }

    @Test func `STS is told what narrows the keys`() async throws {
        let keys = #""access_key_id":"TMPAK","secret_access_key":"TMP/SK","security_token":"TMPSECTOKEN""#
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, #"{"credentials":{\#(keys),"expiration":"2099-01-01T00:00:00Z"}}"#)])
        var role = AssumedRole(providerURN: "p", agencyURN: "a", sessionName: "s", duration: .seconds(900))
        (role.policy, role.policyIDs) = (#"{"Version":"5.0"}"#, ["id1", "id\"2"])
        _ = try await AssumedRoleFetcher(role: role, idToken: .value(Secret("jwt")), place: Self.place(exchange)).fetch()
        let body = try #require(try json(exchange.asked[0].body))
        #expect(body["policy"] as? String == #"{"Version":"5.0"}"# && body["policy_ids"] as? [String] == ["id1", "id\"2"])
    }

    @Test func `the pod identity agent`() async throws {
        let exchange = ScriptedExchange([ScriptedExchange.keys(200)])
        let fetcher = PodIdentityFetcher(
            endpoint: Self.machine, path: "/podid", token: .value(Secret("eyJhbGciOiJ.dummy.token")), place: Self.place(exchange))
        try expectTemporaryKeys(try await fetcher.fetch())
        try expect(exchange.asked, toBe: ["py-34-flow-pod-identity"], but: ["content-type": "application/json;charset=UTF-8"])
    }

    @Test(arguments: ["2099-01-01T00:00:00.000000Z", "2099-01-01T00:00:00Z"])
    func `an end without a fraction is understood, which the Python SDK fails at`(ends: String) async throws {
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, "METATOKEN=="), ScriptedExchange.keys(200, ends: ends)])
        let fetched = try await MetadataFetcher(endpoint: Self.machine, place: Self.place(exchange), uptime: { .zero }).fetch()
        #expect(fetched.expiry == 4_070_908_800)
        try expect(exchange.asked, toBe: ["py-35-expires_at-without-fraction.1", "py-35-expires_at-without-fraction.2"])
    }

    @Test func `the project of a region, signed as the SDK signs`() async throws {
        let body = #"{"projects":[{"id":"0123456789abcdef0123456789abcdef","name":"cn-north-4"}]}"#
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, body)])
        let keys = Credential(
            name: "keys", source: try StoredCredential.accessKey(id: .value(Secret("DUMMYAK")), secretKey: .value(Secret("DUMMYSK"))))
        let id = try await CredentialProof(keys, at: Self.place(exchange)).projectID(region: "cn-north-4")
        #expect(id == "0123456789abcdef0123456789abcdef")
        let recorded = try RecordedRequest("py-10-no-project-id-with-region.1")
        let asked = try #require(exchange.asked.first)
        #expect(asked.method == recorded.method && asked.target == recorded.target && asked.body == recorded.body)
        let authorization = try #require(asked.fields["Authorization"])
        #expect(authorization.hasPrefix("SDK-HMAC-SHA256 Access=DUMMYAK, SignedHeaders=host;x-sdk-date, Signature="))
        // Built by hand from the protocol page: what IAM will compute from the received request.
        let canonical = try CanonicalRequest(
            UnsignedRequest(
                method: "GET", path: "/v3/projects", query: [QueryItem("name", "cn-north-4")],
                headers: [SignedHeader("Host", "iam.test"), SignedHeader("X-Sdk-Date", try #require(asked.fields["X-Sdk-Date"]))]))
        let key = SigningKey(AccessKeyPair(accessKeyID: "DUMMYAK", secretKey: Secret("DUMMYSK")))
        #expect(authorization == SDKHMACSigner.sign(canonical, with: key, at: SigningTime(secondsSinceEpoch: 1_795_421_730)))
    }

    @Test(arguments: [
        #"{"projects":[]}"#, #"{"projects":[{"id":"a","name":"cn-north-4"},{"id":"b","name":"cn-north-4"}]}"#,
        #"{"projects":[{"id":"a/b","name":"cn-north-4"}]}"#, #"{"projects":[{"id":"a","name":"cn-north-4_dev"}]}"#,
        #"{"projects":[{"id":"a","name":"MOS"}]}"#, #"{"projects":[{"id":"a","name":"CN-NORTH-4"}]}"#, #"{"projects":[{"id":"a"}]}"#,
    ])
    func `takes nothing but the one project that has exactly the region's name`(body: String) async throws {
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, body)])
        let token = Credential(name: "t", source: try StoredCredential.token(.value(Secret("T"))))
        let proof = CredentialProof(token, at: Self.place(exchange))
        let fault = await #expect(throws: IAMFault.self) { _ = try await proof.projectID(region: "cn-north-4") }
        #expect(fault?.kind == .noProject(region: "cn-north-4") && fault?.sentence.contains("`id`") == true)
        #expect(exchange.asked[0].fields["X-Auth-Token"] == "T")
    }

    @Test func `finds the region's own project among its sub-projects, also by an id of 256 characters`() async throws {
        let id = String(repeating: "a", count: 256)
        let body = #"{"projects":[{"id":"x","name":"cn-north-4_dev"},{"id":"\#(id)","name":"cn-north-4"}]}"#
        let token = Credential(name: "t", source: try StoredCredential.token(.value(Secret("T"))))
        let proof = CredentialProof(token, at: Self.place(ScriptedExchange([ScriptedExchange.answer(200, body)])))
        #expect(try await proof.projectID(region: "cn-north-4") == id)
    }

    @Test func `an agency is assumed with signed calls that name the own account`() async throws {
        let domains = ScriptedExchange.answer(200, #"{"domains":[{"id":"d0"}]}"#)
        let exchange = ScriptedExchange([domains, ScriptedExchange.keys(), ScriptedExchange.keys()])
        let keys = Credential(name: "k", source: try StoredCredential.accessKey(id: .value(Secret("AK")), secretKey: .value(Secret("SK"))))
        let fetcher = AgencyFetcher(
            source: keys, agency: Agency(domain: .name("other"), name: "hss-reader", duration: .seconds(3_600)), place: Self.place(exchange))
        try expectTemporaryKeys(try await fetcher.fetch())
        #expect(exchange.asked.map(\.target) == ["/v3/auth/domains", "/v3.0/OS-CREDENTIAL/securitytokens"])
        #expect(exchange.asked[1].fields["X-Domain-Id"] == "d0")
        #expect(exchange.asked[1].fields["Authorization"]?.contains("SignedHeaders=host;x-domain-id;x-sdk-date") == true)
        let role: NSDictionary = ["agency_name": "hss-reader", "domain_name": "other", "duration_seconds": 3_600]
        #expect(try json(exchange.asked[1].body) == ["auth": ["identity": ["methods": ["assume_role"], "assume_role": role]]])
        _ = try await fetcher.fetch()
        #expect(exchange.asked.count == 3, "the account's id is asked for once")
    }

    @Test func `an agency of an account that is known by its id`() async throws {
        let exchange = ScriptedExchange([ScriptedExchange.keys()])
        let token = Credential(name: "t", source: try StoredCredential.token(.value(Secret("T"))))
        let agency = Agency(domain: .id("d7"), name: "hss-reader", duration: .seconds(900))
        try expectTemporaryKeys(try await AgencyFetcher(source: token, agency: agency, place: Self.place(exchange)).fetch())
        #expect(exchange.asked[0].body.contains(#""domain_id":"d7""#) && !exchange.asked[0].body.contains("domain_name"))
    }

    @Test func `a trust agency is assumed at STS with a signed call`() async throws {
        let answer =
            #"{"credentials":{"access_key_id":"TMPAK","secret_access_key":"TMP/SK","security_token":"TMPSECTOKEN","#
            + #""expiration":"2099-01-01T00:00:00Z"},"assumed_agency":{"urn":"u","id":"i"}}"#
        let exchange = ScriptedExchange([ScriptedExchange.answer(200, answer)])
        let pair = try StoredCredential.accessKey(
            id: .value(Secret("AK")), secretKey: .value(Secret("SK")), securityToken: .value(Secret("TOK")))
        let agency = TrustAgency(urn: "iam::d7:agency:hss", sessionName: "nightly", duration: .seconds(1_800))
        let fetcher = TrustAgencyFetcher(source: Credential(name: "k", source: pair), agency: agency, place: Self.place(exchange))
        try expectTemporaryKeys(try await fetcher.fetch())
        let asked = try #require(exchange.asked.first)
        #expect((asked.method, asked.host, asked.target) == ("POST", "sts.test", "/v5/agencies/assume"))
        #expect(asked.fields["Authorization"]?.hasPrefix("SDK-HMAC-SHA256 Access=AK, ") == true && asked.fields["X-Security-Token"] == "TOK")
        let body: NSDictionary = ["agency_urn": "iam::d7:agency:hss", "agency_session_name": "nightly", "duration_seconds": 1_800]
        #expect(try json(asked.body) == body)
    }

    @Test func `who may not list domains asks STS who he is`() async throws {
        let identity = ScriptedExchange.answer(200, #"{"account_id":"d1"}"#)
        let exchange = ScriptedExchange([ScriptedExchange.answer(403), identity, ScriptedExchange.keys()])
        let keys = Credential(name: "k", source: try StoredCredential.accessKey(id: .value(Secret("AK")), secretKey: .value(Secret("SK"))))
        let agency = Agency(domain: .name("o"), name: "a", duration: .seconds(900))
        _ = try await AgencyFetcher(source: keys, agency: agency, place: Self.place(exchange)).fetch()
        #expect(exchange.asked.map(\.host) == ["iam.test", "sts.test", "iam.test"])
        #expect(exchange.asked[2].fields["X-Domain-Id"] == "d1")
    }

    @Test func `a refused key is not tried again for the account's id`() async throws {
        let exchange = ScriptedExchange([ScriptedExchange.answer(401), ScriptedExchange.answer(200, #"{"account_id":"d1"}"#)])
        let keys = Credential(name: "k", source: try StoredCredential.accessKey(id: .value(Secret("AK")), secretKey: .value(Secret("SK"))))
        let agency = Agency(domain: .name("o"), name: "a", duration: .seconds(900))
        await #expect(throws: IAMFault(.iam, .refused, host: "iam.test", proof: .key)) {
            _ = try await AgencyFetcher(source: keys, agency: agency, place: Self.place(exchange)).fetch()
        }
        #expect(exchange.asked.count == 1)
    }

    @Test(arguments: [
        (PasswordLogin.Scope.project("p1"), #"{"project":{"id":"p1"}}"#), (.region("cn-north-4"), #"{"project":{"name":"cn-north-4"}}"#),
        (.domain, #"{"domain":{"name":"acme"}}"#),
    ])
    func `a token against a password, in its scope`(scope: PasswordLogin.Scope, text: String) async throws {
        let exchange = ScriptedExchange([ScriptedExchange.token("MIIX")])
        let login = PasswordLogin(domain: "acme", username: "ro\"bot", password: .value(Secret(#"p"\w"#)))
        let fetched = try await PasswordFetcher(login: login, scope: scope, place: Self.place(exchange)).fetch()
        #expect(fetched.lifetime == .seconds(3_600))
        #expect(exchange.asked.map(\.target) == ["/v3/auth/tokens?nocatalog=true"])
        let user: NSDictionary = ["name": "ro\"bot", "password": #"p"\w"#, "domain": ["name": "acme"]]
        let identity: NSDictionary = ["methods": ["password"], "password": ["user": user]]
        #expect(try json(exchange.asked[0].body) == ["auth": ["identity": identity, "scope": try #require(try json(text))]])
    }
}
