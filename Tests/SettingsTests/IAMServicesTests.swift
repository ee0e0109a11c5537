import Testing

@testable import Settings

@Suite struct IAMServicesTests {
    private static let password = "type: iam_password, domain: d, username: u, password_file: /pw"
    private static let sts = "type: oidc, provider_urn: p, agency_urn: a, id_token_file: /t"

    private static func yaml(_ credential: String, region: String, regions: String = "", id: String? = "p1") -> String {
        """
        regions: { dedicated-1: { hss: "https://hss.dedicated.example" }\(regions) }
        credentials:
          - { name: k, \(credential) }
          - { name: keys, type: aksk, access_key_file: /ak, secret_key_file: /sk }
        projects: [{ name: north, region: \(region), credential: k\(id.map { ", id: \($0)" } ?? "") }]
        """
    }

    private static func services(_ yaml: String) throws -> IAMRegions.Services {
        let identity = IAMRegions(try Fixture.load(yaml), Fixture.vocabulary)
        return identity.services(of: identity.region(of: "k"))
    }

    @Test(arguments: [
        (password, "dedicated-1", "iam"), (sts, "dedicated-1", "sts"), (sts, "eu-west-101", "sts"),
        ("type: oidc, idp: cce, id_token_file: /t", "dedicated-1", "iam"),
        ("type: agency, source: keys, domain: d, agency: a", "dedicated-1", "iam"),
        ("\(password), region: dedicated-1", "cn-north-4", "iam"),
    ])
    func `an identity service that is not known in the region's own cloud is a fault with the key to add`(
        credential: String, region: String, key: String
    ) throws {
        let problems = Fixture.problems(Self.yaml(credential, region: region))
        let problem = try #require(problems.first)
        #expect(problems.count == 1 && problem.path.description == "credentials[0].type")
        #expect(problem.hint?.contains("`\(key): https://…`") == true && problem.hint?.contains("under `regions.") == true)
        // The configured endpoint is used, and no other.
        let named = ", \(region == "eu-west-101" ? region : "dedicated-2"): { hss: \"https://h.example\", \(key): \"https://own.example\" }"
        let mended = Self.yaml(
            credential.replacing("dedicated-1", with: "dedicated-2"), region: region.replacing("dedicated-1", with: "dedicated-2"), regions: named)
        #expect(try Self.services(mended)[key == "iam" ? .iam : .sts] == "https://own.example")
    }

    @Test func `a project that is looked up needs the IAM of its own cloud, whatever its credential`() {
        let pair = "type: aksk, access_key_file: /ak, secret_key_file: /sk"
        #expect(Fixture.problems(Self.yaml(pair, region: "dedicated-1")).isEmpty)
        let problems = Fixture.problems(Self.yaml(pair, region: "dedicated-1", id: nil))
        #expect(problems.map(\.path.description) == ["projects[0].region"])
    }

    @Test func `the public cloud's hosts serve its own regions, and the sovereign cloud has its own`() throws {
        #expect(try Self.services(Self.yaml(Self.password, region: "cn-north-1")).iam == "https://iam.cn-north-1.cloud.com")
        #expect(try Self.services(Self.yaml(Self.sts, region: "cn-north-1")).sts == "https://sts.cloud.com")
        #expect(try Self.services(Self.yaml(Self.password, region: "eu-west-101")).iam == "https://iam.eu-west-101.cloud.eu")
    }

    @Test func `where IAM was moved to another cloud, STS does not stay behind`() throws {
        let moved = Self.yaml(Self.password, region: "cn-north-4", regions: ", cn-north-4: { iam: \"https://iam.elsewhere.example\" }")
        #expect(try Self.services(moved) == .init(iam: "https://iam.elsewhere.example", sts: nil))
        let within = Self.yaml(Self.password, region: "cn-north-4", regions: ", cn-north-4: { iam: \"https://iam.cloud.com\" }")
        #expect(try Self.services(within).sts == "https://sts.cloud.com")
    }

    @Test func `a login that acts in two clouds needs the IAM of both`() {
        let two = Self.yaml(Self.password, region: "cn-north-4").replacing(
            "projects: [", with: "projects: [{ name: far, id: p2, region: dedicated-1, credential: k }, ")
        #expect(Fixture.problems(two).count == 1)
    }

    @Test func `a credential that no project uses belongs to the projects' cloud, and must name it where they have several`() throws {
        let unused = Self.yaml("type: token, token_file: /t", region: "cn-north-4")
            .replacing("  - { name: keys", with: "  - { name: spare, \(Self.password) }\n  - { name: keys")
        #expect(IAMRegions(try Fixture.load(unused), Fixture.vocabulary).region(of: "spare") == "cn-north-4")
        let several = unused.replacing("projects: [", with: "projects: [{ name: eu, id: p2, region: eu-west-101, credential: k }, ")
        let problems = Fixture.problems(several)
        #expect(problems.map(\.path.description) == ["credentials[1].type"] && problems.first?.hint == "add `region:` to it")
    }

    @Test func `shows the endpoints in effect of every region in use`() throws {
        let settings = try Fixture.load(Self.yaml(Self.password, region: "eu-west-101"))
        let shown = Dictionary(settings.effective.map { ($0.site.path.description, $0.text) }) { first, _ in first }
        #expect(shown["regions.eu-west-101.iam"] == "https://iam.eu-west-101.cloud.eu")
        #expect(shown["regions.eu-west-101.sts"] == "null" && shown["regions.dedicated-1.iam"] == "null")
        let projects = "projects: [{ name: north, id: p1, region: eu-west-101, credential: keys }]\n"
        let keys = "credentials: [{ name: keys, type: aksk, access_key_file: /ak, secret_key_file: /sk }]\n"
        for section in ["", "regions: {}\n", "regions:\n"] {
            let settings = try Fixture.load(section + keys + projects)
            let shown = settings.effective.filter { $0.site.path.steps.first == SettingPath.root.key("regions").steps.first }
            #expect(shown.map(\.site.path.description) == ["hss", "iam", "sts"].map { "regions.eu-west-101.\($0)" }, "\(section)")
        }
    }

    @Test func `finding the regions of a thousand credentials looks at each once`() throws {
        let count = 1_000
        let credentials = (0..<count).map { index in
            let fallback = index + 1 < count ? ", fallback: c\(index + 1)" : ""
            return "  - { name: c\(index), type: token, token_file: /t\(fallback) }\n"
        }
        let projects = (0..<count).map { "  - { name: p\($0), id: i\($0), region: cn-north-4, credential: c\($0) }\n" }
        let settings = try Fixture.load("credentials:\n\(credentials.joined())projects:\n\(projects.joined())")
        let identity = IAMRegions(settings, Fixture.vocabulary)
        #expect(identity.region(of: "c999") == "cn-north-4")
        #expect(identity.looks <= 3 * count)
    }
}
