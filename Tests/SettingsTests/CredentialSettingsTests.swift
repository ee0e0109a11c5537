import Testing

@testable import Settings

@Suite struct CredentialSettingsTests {
    private static func yaml(_ credential: String) -> String {
        "credentials: [{ name: k, \(credential) }, { name: other, type: token, token_file: t }, "
            + "{ name: pair, type: aksk, access_key_file: a, secret_key_file: s }]\n"
            + "projects: [{ name: north, region: cn-north-4, credential: k }]\n"
    }

    private static func source(_ credential: String) throws -> CredentialSettings.Source {
        try Fixture.load(yaml(credential)).credentials[0].source
    }

    @Test func `shows an identity token to IAM or to STS`() throws {
        #expect(
            try Self.source("type: oidc, idp: cce, id_token_file: /t") == .federation(.init(identityProvider: "cce", tokenFile: "/t")))
        let role = CredentialSettings.AssumedRole(
            providerURN: "p", agencyURN: "a", sessionName: "hss-gateway", duration: .seconds(3_600), tokenFile: "/t")
        #expect(try Self.source("type: oidc, provider_urn: p, agency_urn: a, id_token_file: /t") == .assumedRole(role))
    }

    @Test func `an agency is known by its account's name or id, a trust agency by its URN`() throws {
        let hour = Duration.seconds(3_600)
        #expect(
            try Self.source("type: agency, source: pair, domain_id: d7, agency: a")
                == .agency(.init(source: "pair", domain: .id("d7"), agency: "a", duration: hour)))
        #expect(
            try Self.source("type: agency, source: pair, domain: acme, agency: a")
                == .agency(.init(source: "pair", domain: .name("acme"), agency: "a", duration: hour)))
        #expect(
            try Self.source("type: agency, source: pair, agency_urn: \"iam::d7:agency:a\", session_name: nightly")
                == .trustAgency(.init(source: "pair", urn: "iam::d7:agency:a", sessionName: "nightly", duration: hour)))
    }

    @Test func `takes project ids of 256 characters, as the API does`() throws {
        let id = String(repeating: "a", count: 256)
        #expect(
            try Fixture.load(Self.yaml("type: token, token_file: t").replacing("name: north,", with: "name: north, id: \(id),")).projects[0]
                .identifier == id)
        #expect(!Fixture.problems(Self.yaml("type: token, token_file: t").replacing("name: north,", with: "name: north, id: \(id)a,")).isEmpty)
    }

    @Test func `names a circle of fallbacks once, and nobody who only leads into it`() {
        let yaml = """
            credentials:
              - { name: a, type: token, token_file: t, fallback: b }
              - { name: b, type: token, token_file: t, fallback: c }
              - { name: c, type: token, token_file: t, fallback: b }
              - { name: d, type: token, token_file: t, fallback: d }
              - { name: e, type: agency, source: f, domain: x, agency: y, fallback: g }
              - { name: f, type: agency, source: e, domain: x, agency: y }
              - { name: g, type: token, token_file: t }
            projects: [{ name: north, id: p, region: cn-north-4, credential: a }]
            """
        let problems = Fixture.problems(yaml)
        #expect(problems.map(\.path.description) == ["credentials[1].fallback", "credentials[3].fallback", "credentials[4].source"])
        #expect(problems[0].message.hasSuffix("`b` → `c` → `b`") && problems[2].message.hasSuffix("`e` → `f` → `e`"))
    }

    @Test func `needs no id of a project, and takes a fallback and a region`() throws {
        let settings = try Fixture.load(Self.yaml("type: token, token_file: t, fallback: other, region: cn-north-4"))
        #expect(settings.projects[0].identifier == nil)
        #expect(settings.credentials[0].fallback == "other" && settings.credentials[0].region == "cn-north-4")
    }

    @Test(arguments: ["http://169.254.169.254", "http://127.0.0.1:8775", "https://metadata.example"])
    func `asks a metadata service that is near, or that is asked over TLS`(endpoint: String) throws {
        guard case .ecsMetadata(.some(let url)) = try Self.source("type: ecs_metadata, endpoint: \"\(endpoint)\"") else {
            Issue.record("no endpoint")
            return
        }
        #expect(url.description == endpoint)
    }

    @Test(arguments: [
        ("type: ecs_metadata, endpoint: \"http://10.0.0.1\"", "unsafe"), ("type: ecs_metadata, endpoint: \"http://127.0.0.1/x\"", "invalid"),
        ("type: oidc, idp: cce, provider_urn: p, id_token_file: /t", "conflict"), ("type: oidc, provider_urn: p, id_token_file: /t", "missing"),
        ("type: oidc, idp: cce, session_name: s, id_token_file: /t", "conflict"), ("type: token, token_file: t, fallback: k", "conflict"),
        ("type: token, token_file: t, fallback: none", "reference"), ("type: token, token_file: t, region: nowhere-1", "reference"),
        ("type: agency, source: other, domain: d, agency: a, duration: 5m", "invalid"),
        ("type: agency, source: other, domain: d, domain_id: d, agency: a", "conflict"), ("type: agency, source: other, agency: a", "missing"),
        ("type: agency, source: other, agency_urn: u", "conflict"), ("type: agency, source: pair, agency_urn: u, domain: d", "conflict"),
        ("type: agency, source: pair, domain: d, agency: a, session_name: s", "conflict"), ("type: default_chain, idp: x", "conflict"),
    ])
    func `refuses what can't be meant`(credential: String, word: String) {
        let problems = Fixture.problems(Self.yaml(credential))
        #expect(problems.contains { "\($0.kind)".contains(word) }, "\(SettingsReport.text(problems))")
    }
}
