import Testing

@testable import Settings

@Suite struct EnvironmentStartTests {
    static let complete = [
        "HUAWEICLOUD_SDK_AK": "AK", "HUAWEICLOUD_SDK_SK": "SK", "HUAWEICLOUD_SDK_PROJECT_ID": "0123456789abcdef0123456789abcdef",
        "HSSGW_REGION": "cn-north-4",
    ]

    @Test func `starts with one project, one anonymous caller and one rule`() throws {
        let settings = try Fixture.load(nil, Self.complete)
        #expect(settings.listeners.map(\.isLocal) == [true])
        #expect(settings.projects.map(\.name) == ["default"])
        #expect(settings.projects[0].identifier == Self.complete["HUAWEICLOUD_SDK_PROJECT_ID"])
        let withoutID = try Fixture.load(nil, Self.complete.filter { $0.key != "HUAWEICLOUD_SDK_PROJECT_ID" })
        #expect(withoutID.projects[0].identifier == nil)
        #expect(settings.projects[0].region == "cn-north-4")
        let pair = CredentialSettings.AccessKeyPair(
            accessKey: .reference(.environment("HUAWEICLOUD_SDK_AK")), secretKey: .environment("HUAWEICLOUD_SDK_SK"), securityToken: nil)
        #expect(settings.credentials.map(\.source) == [.accessKey(pair)])
        #expect(settings.callers.map(\.name) == ["anonymous"])
        #expect(settings.callers[0].projects == .all)
        let allowed = Fixture.vocabulary.operations.filter { name in settings.policy[0].operations?.contains { $0.matches(name) } == true }
        #expect(allowed == Fixture.vocabulary.operations)
        #expect(settings.policy.map(\.action) == [.allow])
        #expect(settings.audit.directory == "/home/op/audit")
    }

    @Test func `takes the names of the API page's samples and a security token`() throws {
        var environment = Self.complete
        environment["CLOUD_SDK_AK"] = environment.removeValue(forKey: "HUAWEICLOUD_SDK_AK")
        environment["CLOUD_SDK_SK"] = environment.removeValue(forKey: "HUAWEICLOUD_SDK_SK")
        environment["HUAWEICLOUD_SDK_SECURITY_TOKEN"] = "T"
        guard case .accessKey(let pair) = try Fixture.load(nil, environment).credentials[0].source else {
            return #expect(Bool(false)) as Void
        }
        #expect(pair.accessKey == .reference(.environment("CLOUD_SDK_AK")))
        #expect(pair.secretKey == .environment("CLOUD_SDK_SK"))
        #expect(pair.securityToken == .environment("HUAWEICLOUD_SDK_SECURITY_TOKEN"))
    }

    @Test(arguments: [
        (without: ["HUAWEICLOUD_SDK_AK"], missing: ["HUAWEICLOUD_SDK_AK"]),
        (without: ["HUAWEICLOUD_SDK_SK", "HSSGW_REGION"], missing: ["HSSGW_REGION", "HUAWEICLOUD_SDK_SK"]),
        (
            without: ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_PROJECT_ID", "HSSGW_REGION"],
            missing: ["HSSGW_REGION", "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"]
        ),
    ])
    func `names every variable that is missing`(without: [String], missing: [String]) {
        let problems = Fixture.problems(nil, Self.complete.filter { !without.contains($0.key) })
        #expect(problems.map(\.origin) == missing.map { .environment($0) })
        #expect(problems.allSatisfy { $0.kind == .missing && $0.hint?.contains("--config") == true })
    }

    @Test(arguments: [
        (set: ["CLOUD_SDK_AK"], missing: "CLOUD_SDK_SK"), (set: ["CLOUD_SDK_SK"], missing: "CLOUD_SDK_AK"),
        (set: ["HUAWEICLOUD_SDK_AK", "CLOUD_SDK_SK"], missing: "HUAWEICLOUD_SDK_SK"),
        (set: ["HUAWEICLOUD_SDK_SK", "CLOUD_SDK_AK", "CLOUD_SDK_SK"], missing: "HUAWEICLOUD_SDK_AK"),
    ])
    func `never makes one pair of two halves`(set: [String], missing: String) {
        var environment = Self.complete.filter { !$0.key.hasSuffix("_AK") && !$0.key.hasSuffix("_SK") }
        for name in set { environment[name] = "x" }
        #expect(Fixture.problems(nil, environment).map(\.origin) == [.environment(missing)])
    }

    @Test func `lets other variables change the rest, a stand-in's region included`() throws {
        let stand = ["HSSGW_REGION": "sandbox-1", "HSSGW_REGIONS_SANDBOX_1_HSS": "http://127.0.0.1:1", "HSSGW_AUDIT_DURABILITY": "strict"]
        let settings = try Fixture.load(nil, Self.complete.merging(stand) { $1 })
        #expect(settings.regions.map(\.name) == ["sandbox-1"])
        #expect(settings.audit.durability == .strict)
        let open = Self.complete.merging(["HSSGW_LISTENERS_INTERNAL_ADDRESS": "0.0.0.0:8080"]) { $1 }
        #expect(Fixture.problems(nil, open).map(\.kind) == [.unsafe])
        _ = try Fixture.load(nil, open.merging(["HSSGW_LISTENERS_INTERNAL_ANONYMOUS": "true"]) { $1 })
    }

    @Test func `completes a file without projects when asked to, and never otherwise`() throws {
        var sources = Fixture.sources("audit: { directory: /var/audit }\n", Self.complete)
        #expect(Fixture.problems(sources).contains { $0.path.description == "projects" })
        sources.completesFromEnvironment = true
        let settings = try Fixture.load(sources)
        #expect(settings.projects.map(\.name) == ["default"])
        #expect(settings.audit.directory == "/var/audit")
    }
}
