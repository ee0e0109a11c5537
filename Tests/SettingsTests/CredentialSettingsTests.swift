import Testing

@testable import Settings

@Suite struct CredentialSettingsTests {
    private static func yaml(_ credential: String) -> String {
        "credentials: [{ name: k, \(credential) }, { name: other, type: token, token_file: t }]\n"
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
        ("type: agency, source: other, domain: d, agency: a, duration: 5m", "invalid"), ("type: default_chain, idp: x", "conflict"),
    ])
    func `refuses what can't be meant`(credential: String, word: String) {
        let problems = Fixture.problems(Self.yaml(credential))
        #expect(problems.contains { "\($0.kind)".contains(word) }, "\(SettingsReport.text(problems))")
    }
}
